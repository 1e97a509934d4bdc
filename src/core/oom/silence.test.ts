import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLogReader } from './read.ts'
import type { OomReport } from './records.ts'
import { tellWhenSilent } from './silence.ts'

const LOG = join(import.meta.dirname, '../../../lab/scenarios/logs/6.1-many-leakers.log')
const LINES = readFileSync(LOG, 'utf8').split('\n')
const NOISE = '<6>[   99.000000] eth0: link becomes ready'

/** Lines to be given, or `tick`; and the pids that are told after each tick. */
type Step = readonly string[] | 'tick'

function play(steps: readonly Step[]): readonly (readonly (number | undefined)[])[] {
  const told: OomReport[] = []
  const reader = tellWhenSilent(createLogReader((report) => told.push(report)))
  let number = 0
  return steps.flatMap((step) => {
    if (step === 'tick') {
      reader.tick()
      return [told.map(({ killed }) => killed[0]?.pid)]
    }
    for (const line of step) reader.push(line, ++number)
    return []
  })
}

const first = LINES.slice(0, LINES.findIndex((line) => line.includes('Killed process')) + 1)
const kill = LINES.filter((line) => line.includes('Killed process')).slice(0, 1)

const cases: readonly (readonly [what: string, steps: Step[], told: number[][]])[] = [
  ['a report is told at the second tick', [first, 'tick', 'tick', 'tick'], [[], [], [110]]],
  [
    'other lines are no sound of it',
    [first, 'tick', [NOISE], 'tick', [NOISE], 'tick', [NOISE], 'tick'],
    [[], [], [], [110]],
  ],
  [
    'one that is being printed is waited for',
    [
      first.slice(0, 20),
      'tick',
      first.slice(20, 40),
      'tick',
      first.slice(40),
      'tick',
      'tick',
      'tick',
    ],
    [[], [], [], [], [110]],
  ],
  [
    'a first line alone is no report yet',
    [first.slice(0, 11), 'tick', first.slice(11), 'tick', 'tick', 'tick'],
    [[], [], [], [110]],
  ],
  ['the line of a kill alone', [kill, 'tick', 'tick', 'tick'], [[], [], [110]]],
  ['nothing', ['tick', 'tick', 'tick'], [[], [], []]],
  [
    'two after each other',
    [first, 'tick', 'tick', 'tick', LINES.slice(first.length), 'tick', 'tick', 'tick'],
    [[], [], [110], [110, 112], [110, 112], [110, 112, 111]],
  ],
]
for (const [what, steps, told] of cases) {
  test(what, () => assert.deepEqual(play(steps), told))
}
