/** @module What the agent prints: sentences for people, or one JSON document a line. */
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'

export type SayKind = 'dashboard' | 'host' | 'finding' | 'lifecycle' | 'warning'

/** @param data what a script wants to know beside the sentence */
export type Say = (kind: SayKind, text: string, data?: Readonly<Record<string, unknown>>) => void

export interface Output {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

function clock(wallMs: number): string {
  return new Date(wallMs).toTimeString().slice(0, 8)
}

/** For people: findings with their time, warnings on stderr. Names in a text are made safe here. */
export function sayForPeople(output: Output, nowMs: () => number): Say {
  return (kind, text) => {
    const safe = escapeForTerminal(text)
    if (kind === 'warning') output.err(`plimsoll: ${safe}`)
    else if (kind === 'dashboard' || kind === 'host') output.out(safe)
    else output.out(`${clock(nowMs())}  ${safe}`)
  }
}

/** For scripts: everything on stdout. */
export function sayForScripts(output: Output, nowMs: () => number): Say {
  return (kind, text, data = {}) => {
    const document = { schema: 'plimsoll.agent/1', kind, wallMs: nowMs(), text, ...data }
    output.out(encodeJsonLine(document))
  }
}
