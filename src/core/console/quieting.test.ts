import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseConsoleArguments, parseConsoles } from './consoles.ts'
import { isShown, parsePrintk } from './printk.ts'
import type { QuietingHost } from './quieting.ts'
import { leastLoss, planQuieting, quietingConsoles } from './quieting.ts'
import type { PrintkSetting } from './records.ts'

const UART = 'ttyS1                -W- (EC   p a)    4:65'
const SECOND_UART = 'ttyS3                -W- (E    p a)    4:67'
const SCREEN = 'tty0                 -WU (E    p  )    4:7'
const NETWORK = 'netcon0              -W- (E      a)'
const BOOT = 'uart0                -W- (EB  p a)'
const THREADED = 'ttyS0                -W- (EC N p a)    4:64'

function printk(text: string, ignoresLevel = false): PrintkSetting {
  const parsed = parsePrintk(text, ignoresLevel)
  assert.ok(parsed !== undefined)
  return parsed
}

type Wish = Partial<QuietingHost> & { readonly isRealtime?: true; readonly given?: string }

function host(
  consoles: readonly string[],
  { isRealtime, given = '', ...wish }: Wish = {},
): QuietingHost {
  return {
    consoles: quietingConsoles(
      parseConsoles(consoles.join('\n')),
      parseConsoleArguments(given),
      isRealtime === true,
    ),
    printk: printk('7 4 1 7'),
    log: 'keeps-debug',
    detachable: ['ttyS1', 'ttyS3'],
    ...wish,
  }
}

/** `REMEDY LEVELS-OR-CONSOLE` */
function say(given: QuietingHost): string {
  const plan = planQuieting(given)
  if (plan.remedy === 'none') return 'none'
  if (plan.remedy === 'detach') return `detach ${plan.console}`
  return `${plan.remedy} ${plan.set.consoleLevel} ${plan.set.defaultLevel}`
}

const DROPS = { log: 'drops-debug' } as const
for (const [what, given, expected] of [
  ['a slow line', host([UART]), 'bulk 5 7'],
  ['logs that nobody knows', host([UART], { log: 'unknown' }), 'bulk 5 7'],
  ['a quiet default that shows the head', host([UART], { printk: printk('5 4 1 7') }), 'bulk 5 7'],
  ['console_loglevel 10', host([UART], { printk: printk('10 4 1 7') }), 'bulk 5 7'],
  ['default level 2', host([UART], { printk: printk('4 2 1 7') }), 'bulk 4 7'],
  ['logs that drop debug', host([UART], DROPS), 'level 4 4'],
  [
    '... and a default level below',
    host([UART], { ...DROPS, printk: printk('7 2 1 7') }),
    'level 4 4',
  ],
  ['... and the network', host([UART, NETWORK], DROPS), 'bulk 5 7'],
  ['... and the network and a screen', host([UART, SCREEN, NETWORK], DROPS), 'detach ttyS1'],
  [
    '... which cannot be detached',
    host([UART, SCREEN, NETWORK], { ...DROPS, detachable: [] }),
    'bulk 5 7',
  ],
  ['... and two lines', host([UART, SECOND_UART, NETWORK], DROPS), 'bulk 5 7'],
  ['a handshake', host([UART, SCREEN], { given: 'console=ttyS1,9600n8r' }), 'detach ttyS1'],
  [
    '... that nothing else stands in for',
    host([UART], { given: 'console=ttyS1,9600n8r' }),
    'bulk 5 7',
  ],
  ['a boot console beside it', host([THREADED, BOOT]), 'bulk 5 7'],
  ['levels that are ignored', host([UART], { printk: printk('7 4 1 7', true) }), 'none'],
  ['... and a screen', host([UART, SCREEN], { printk: printk('4 4 1 7', true) }), 'none'],
  ['a screen alone', host([SCREEN]), 'none'],
  ['the network alone', host([NETWORK]), 'none'],
  ['a line with a thread of its own', host([THREADED]), 'none'],
  ['PREEMPT_RT', host([UART], { isRealtime: true }), 'none'],
  ['no console', host([]), 'none'],
  ['what is quiet already', host([UART], { printk: printk('4 4 1 7') }), 'none'],
  ['the static cure', host([UART], { printk: printk('5 7 1 7') }), 'none'],
] as const) {
  test(`${what}: ${expected}`, () => assert.equal(say(given), expected))
}

// The one difference is the network, and that more lines than one may go.
for (const [what, given, moments, forGood] of [
  ['a slow line', host([UART, SCREEN]), 'bulk', 'bulk'],
  ['logs that drop debug', host([UART, SCREEN], DROPS), 'level', 'level'],
  ['the network', host([UART, SCREEN, NETWORK]), 'bulk', 'detach'],
  ['the network alone beside it', host([UART, NETWORK]), 'bulk', 'bulk'],
  [
    'the network, and a line that stays',
    host([UART, SCREEN, NETWORK], { detachable: [] }),
    'bulk',
    'bulk',
  ],
  ['the network and two lines', host([UART, SECOND_UART, SCREEN, NETWORK]), 'bulk', 'detach'],
  ['a handshake', host([UART, SCREEN], { given: 'console=ttyS1,9600n8r' }), 'detach', 'detach'],
  ['a screen alone', host([SCREEN]), 'none', 'none'],
] as const) {
  test(`least loss with ${what}: ${moments}, for good ${forGood}`, () => {
    assert.deepEqual(
      [leastLoss(given, 'moments').remedy, leastLoss(given, 'for-good').remedy],
      [moments, forGood],
    )
  })
}

test('no line is shown that was not shown before', () => {
  const level = fc.integer({ min: 0, max: 15 })
  const logs = fc.constantFrom('keeps-debug', 'drops-debug', 'unknown') as fc.Arbitrary<
    QuietingHost['log']
  >
  fc.assert(
    fc.property(level, level, logs, (consoleLevel, defaultLevel, log) => {
      const before = { ...printk('7 4 1 7'), consoleLevel, defaultLevel }
      const plan = planQuieting(host([UART], { printk: before, log }))
      if (!('set' in plan)) return
      const after = { ...before, ...plan.set }
      for (const line of [0, 1, 2, 3, 4, 5, 6, 7, 'default'] as const) {
        assert.ok(isShown(line, before) || !isShown(line, after), `level ${line}`)
      }
      assert.ok(!isShown('default', after) && !isShown(6, after))
    }),
  )
})
