import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SLOW } from './checks/cases.fixture.ts'
import { CHECKS } from './checks/index.ts'
import { examine } from './examine.ts'
import { factsOf } from './facts.ts'
import { GUARD_FOUND, guardFiles } from './guard.fixture.ts'
import type { Undo } from './guard-journal.ts'
import { BOOT_ID } from './guarding.ts'
import { HEALTHY, like, readingOf } from './hosts.fixture.ts'
import { verdictOf } from './verdict.ts'

const PRINTK = '/proc/sys/kernel/printk'
const UART = '/sys/class/tty/ttyS1/console'
const LEVEL: Undo = {
  remedy: 'level',
  found: GUARD_FOUND,
  set: { consoleLevel: 4, defaultLevel: 4 },
}
const DETACH: Undo = { remedy: 'detach', console: 'ttyS1', found: GUARD_FOUND }
const SCREEN = { '/proc/consoles': `${SLOW['/proc/consoles']}\ntty0 -WU (E p ) 4:1` }
const DETACHED = { '/proc/consoles': 'tty0 -WU (E p ) 4:1', [UART]: 'N' }

/** `QUIET OWNERS-PRINTK CONSOLES`, or nothing where there is no guard to speak of. */
function say(files: Readonly<Record<string, string | null>>): string {
  const { guard, printk, consoles } = factsOf(readingOf(like(HEALTHY, { ...SLOW, ...files })))
  const levels = `${printk?.consoleLevel} ${printk?.defaultLevel}`
  const names = consoles?.consoles.map(({ name }) => name).join(',')
  return guard === null
    ? `none ${levels} ${names}`
    : `${guard.isAlive ? 'alive' : 'gone'} ${guard.isQuiet ? 'quiet' : 'calm'} ${levels} ${names}`
}

for (const [what, files, expected] of [
  ['no guard', {}, 'none 7 4 ttyS1'],
  ['one that waits', guardFiles('calm', 'alive'), 'alive calm 7 4 ttyS1'],
  [
    'one that has set both numbers',
    { ...guardFiles('near', 'alive'), [PRINTK]: '5 7 1 7' },
    'alive quiet 7 4 ttyS1',
  ],
  [
    'one of whose numbers the owner has set one since',
    { ...guardFiles('near', 'alive'), [PRINTK]: '6 7 1 7' },
    'alive quiet 6 4 ttyS1',
  ],
  [
    'one of whose numbers the owner has set both since',
    { ...guardFiles('near', 'alive'), [PRINTK]: '6 6 1 7' },
    'alive calm 6 6 ttyS1',
  ],
  [
    'one that was killed',
    { ...guardFiles('near', 'gone', LEVEL), [PRINTK]: '4 4 1 7' },
    'gone quiet 7 4 ttyS1',
  ],
  ['one that was killed in calm times', guardFiles('calm', 'gone'), 'none 7 4 ttyS1'],
  [
    'one that was killed, and the owner has put all back',
    guardFiles('near', 'gone'),
    'none 7 4 ttyS1',
  ],
  [
    'one of another boot',
    { ...guardFiles('near', 'alive'), [BOOT_ID]: 'another', [PRINTK]: '5 7 1 7' },
    'none 5 7 ttyS1',
  ],
  [
    'a UART that was taken away',
    { ...guardFiles('near', 'alive', DETACH), ...DETACHED },
    'alive quiet 7 4 tty0,ttyS1',
  ],
  [
    'a UART that has just come back in silence',
    { ...guardFiles('back', 'gone', DETACH), ...SCREEN, [PRINTK]: '1 4 1 7' },
    'gone quiet 7 4 ttyS1,tty0',
  ],
  [
    'a UART that is just coming back',
    { ...guardFiles('back', 'gone', DETACH), ...DETACHED, [PRINTK]: '1 4 1 7' },
    'gone quiet 7 4 tty0,ttyS1',
  ],
] as const) {
  test(`${what}: ${expected}`, () => assert.equal(say(files), expected))
}

test('a host is judged by what its owner has set, and by the guard', () => {
  const loud = factsOf(readingOf(like(HEALTHY, SLOW)))
  const guarded = factsOf(
    readingOf(like(HEALTHY, { ...SLOW, ...guardFiles('near', 'alive'), [PRINTK]: '5 7 1 7' })),
  )
  const [owners, both] = [verdictOf(loud), verdictOf(guarded)]
  assert.equal(owners.guardedMs, null)
  assert.equal(both.freezeMs, owners.freezeMs)
  assert.ok((both.guardedMs ?? Infinity) < 300 && (both.freezeMs ?? 0) > 1000)
  assert.match(
    both.sentence,
    /The console guard \(process 812\) is at work and sets .* 5 7 now, since an OOM is near, which leaves 0\.\d\d s of it\.$/,
  )
  // It advises nobody to write what is the guard's for the moment.
  const { findings } = examine(guarded, CHECKS)
  for (const { fix } of findings) assert.ok(!fix.now.some(({ path }) => path === PRINTK))
  assert.ok(findings.every(({ severity }) => severity === 'note'))
})

test('a guard that was killed is told in the first sentence', () => {
  const facts = factsOf(
    readingOf(like(HEALTHY, { ...SLOW, ...guardFiles('near', 'gone'), [PRINTK]: '5 7 1 7' })),
  )
  const { sentence, guardedMs } = verdictOf(facts)
  assert.match(sentence, /`plimsoll doctor --undo console-guard` gives back what it found/)
  assert.equal(guardedMs, null)
})
