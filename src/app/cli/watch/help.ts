/** @module What the keys do and what the words mean. */
import type { LeakState } from '../../../core/leak/records.ts'
import { STATE_WORDS } from '../../../core/wire/subject-words.ts'
import type { Line, Look } from './look.ts'
import { glyphsOf } from './look.ts'
import type { WatchSnapshot } from './source.ts'
import { safeText, wrapText } from './text.ts'

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['up down j k', 'move; PgUp PgDn Home End too'],
  ['Enter', 'open one: kinds of memory, limit, intervals, events'],
  ['Esc', 'back; in the list: filter off'],
  ['s, 1 to 6', 'sort by worst, size, rate, time left, name, kind'],
  ['g', 'show all, processes, services, or pools (cgroups, tmpfs, slab, kernel)'],
  ['/', 'filter by words; Enter keeps it, Esc ends it'],
  ['space', 'pause and go on'],
  ['Ctrl-L Ctrl-Z', 'draw anew; suspend'],
  ['q', 'quit'],
]

const STATES: readonly (readonly [state: LeakState, what: string])[] = [
  ['confirmed', 'a leak that will exhaust its limit'],
  ['suspected', 'looks like a leak; more evidence is wanted'],
  ['growing', 'grows, too little or too shortly to say why'],
  ['harmless', 'grew, and the reason says why that is no leak'],
  ['steady', 'its floor does not rise'],
  ['unknown', 'too few samples to say anything'],
]

function entry(label: string, text: string, labelWidth: number, width: number, look: Look): Line[] {
  const wrapped = wrapText(safeText(text, look.isUnicode), Math.max(8, width - labelWidth))
  return wrapped.map((part, index) => [
    { text: (index === 0 ? label : '').padEnd(labelWidth), style: { isBold: true } },
    { text: part },
  ])
}

export function helpLines(snapshot: WatchSnapshot | null, width: number, look: Look): Line[] {
  const title = (text: string): Line => [{ text, style: { isDim: true } }]
  const { shapes } = glyphsOf(look)
  const missing = snapshot?.missing ?? []
  return [
    title('Keys'),
    ...KEYS.flatMap(([keys, what]) => entry(keys, what, 15, width, look)),
    [],
    title('Verdicts'),
    ...STATES.flatMap(([state, what]) =>
      entry(`${shapes[state]} ${STATE_WORDS[state].word}`, what, 15, width, look),
    ),
    [],
    title('Figures'),
    ...entry('SIZE', 'what would come back if it ended: anon + shmem + swap', 15, width, look),
    ...entry('LEFT', 'until the tightest limit that applies is reached', 15, width, look),
    [],
    title('Source'),
    ...entry(
      snapshot?.from === 'agent' ? 'agent' : 'own samples',
      snapshot?.from === 'own'
        ? `${snapshot.reason}; \`plimsoll agent\` remembers and sees slower leaks`
        : (snapshot?.reason ?? ''),
      15,
      width,
      look,
    ),
    ...missing.flatMap(({ what, why }) => entry('not read', `${what}: ${why}`, 15, width, look)),
  ]
}
