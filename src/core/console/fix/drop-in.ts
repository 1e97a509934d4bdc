/**
 * @module Files of our own that keep settings over a reboot. One block a check, below a comment with its id, so that
 * each can be taken out by itself; all of the formats have `#` comments, and systemd takes a section that comes twice
 * as one (systemd.syntax(7), sysctl.d(5), tmpfiles.d(5)).
 */
import type { DropIn } from '../finding.ts'
import { JOURNALD_DROP_IN, SYSCTL_DROP_IN, SYSTEMD_DROP_IN, TMPFILES_DROP_IN } from '../finding.ts'

export const DROP_INS = {
  sysctl: SYSCTL_DROP_IN,
  journald: JOURNALD_DROP_IN,
  systemd: SYSTEMD_DROP_IN,
  tmpfiles: TMPFILES_DROP_IN,
} as const
export type DropInKind = keyof typeof DROP_INS
export const DROP_IN_KINDS = Object.keys(DROP_INS) as readonly DropInKind[]

export function dropInKind(file: string): DropInKind | null {
  return DROP_IN_KINDS.find((kind) => DROP_INS[kind] === file) ?? null
}

const HEAD =
  '# Written by `plimsoll doctor --fix`. `plimsoll doctor --undo` takes it back unless it was edited.\n'
const BLOCK = /^# ([a-z0-9-]+)$/

export interface Block {
  readonly id: string
  /** Lines, each with its end. */
  readonly text: string
}

/** `''` where there is no block. */
export function renderBlocks(blocks: readonly Block[]): string {
  if (blocks.length === 0) return ''
  return HEAD + blocks.map(({ id, text }) => `\n# ${id}\n${text}`).join('')
}

/** The blocks of a text that `renderBlocks` made; `null`: it did not. */
export function parseBlocks(text: string): readonly Block[] | null {
  const blocks = text.split(/\n(?=# [a-z0-9-]+\n)/).flatMap((part) => {
    const end = part.indexOf('\n')
    const id = BLOCK.exec(part.slice(0, end))?.[1]
    return id === undefined ? [] : [{ id, text: part.slice(end + 1) }]
  })
  return blocks.length > 0 && renderBlocks(blocks) === text ? blocks : null
}

/** All of one check's lines for one file. */
export function blockOf(id: string, persistent: readonly DropIn[], kind: DropInKind): Block | null {
  const texts = persistent
    .filter(({ file }) => file === DROP_INS[kind])
    .map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`))
  return texts.length === 0 ? null : { id, text: texts.join('') }
}

/** A check's block in place of its earlier one, and last: what comes later in a file counts. */
export function withBlock(blocks: readonly Block[], block: Block): readonly Block[] {
  return [...blocks.filter(({ id }) => id !== block.id), block]
}

/** What a line sets: a sysctl, a key of a section, a path of tmpfiles. */
export function keysOf({ text }: Pick<Block, 'text'>): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const key = /^w (\S+)/.exec(line)?.[1] ?? /^\s*([\w./-]+)\s*=/.exec(line)?.[1]
    return key === undefined ? [] : [key]
  })
}
