/** @module What a fix or an undo would write, for people: every path, the value there now, and whole files. */
import { escapeForTerminal } from '../../../base/escape.ts'
import type { Finding } from '../../../core/console/finding.ts'
import type { FixPlan } from '../../../core/console/fix/plan.ts'
import type { UndoPlan } from '../../../core/console/fix/undo.ts'

const isThere = (line: string): boolean => line !== ''

function paragraph(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), '']
}

function wholeFile(text: string | null): readonly string[] {
  const lines = text?.trimEnd().split('\n') ?? []
  return lines.map((line) => `  | ${line}`.trimEnd())
}

/** The exact changes, in the order in which they are made. */
export function formatChanges({ settings, files }: FixPlan | UndoPlan): readonly string[] {
  const widest = Math.max(0, ...settings.map(({ path }) => path.length))
  return [
    ...paragraph(
      'Now',
      settings.map(({ path, old, new: set }) => `${path.padEnd(widest)}  "${old}" -> "${set}"`),
    ),
    ...paragraph(
      'Kept over a reboot',
      files.flatMap(({ file, texts: { before, after } }) => [
        after === null
          ? `${file} is removed`
          : `${file}, ${before === null ? 'a new file' : 'anew'}:`,
        ...wholeFile(after),
      ]),
    ),
  ]
}

/** Lines as they are printed; what a file says steers no terminal. */
export function joinLines(lines: readonly string[]): string {
  return `${lines.map(escapeForTerminal).join('\n').trimEnd()}\n`
}

/** @param left what was found and is written by its name alone, where all was asked for */
export function sayNothing(left: readonly Finding[]): string {
  const ids = left
    .filter(
      ({ severity, fix }) => severity === 'note' && fix.now.length + fix.persistent.length > 0,
    )
    .map(({ id }) => id)
  return ids.length === 0
    ? 'There is nothing that doctor could write.'
    : `Doctor could write for notes alone; \`plimsoll doctor --fix ${ids.join(' ')}\` would.`
}

export function formatSentences(title: string, sentences: readonly string[]): readonly string[] {
  return paragraph(title, sentences.filter(isThere))
}
