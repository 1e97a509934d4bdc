import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf, parseConsoleArguments, parseConsoles, parseLineOptions } from './consoles.ts'

test('/proc/consoles of 6.1, 6.12 and 6.12-rt', () => {
  const text = [
    'ttyS1                -W- (EC p a)    4:65',
    'tty0                 -WU (EC  p  )    4:1',
    'ttyS0                -W- (EC Np a)    4:64',
    'uart8250             -W- (EB  p  )',
    'netcon0              -W- (E)',
    'garbage',
    'ttyS0/../../../../victim.txt -W- (EC p a) 4:64',
    '.. -W- (EC p a) 4:64',
  ].join('\n')
  const of = (name: string, flags: string) => ({
    name,
    isEnabled: true,
    isPreferred: flags.includes('C'),
    isBoot: flags.includes('B'),
    isNbcon: flags.includes('N'),
  })
  assert.deepEqual(parseConsoles(text), [
    of('ttyS1', 'C'),
    of('tty0', 'C'),
    of('ttyS0', 'CN'),
    of('uart8250', 'B'),
    of('netcon0', ''),
  ])
})

for (const [text, baud, bitsPerByte, hasFlowControl] of [
  ['19200', 19_200, 10, false],
  ['115200n8', 115_200, 10, false],
  ['9600e7', 9600, 10, false],
  ['9600o8', 9600, 11, false],
  ['115200n8r', 115_200, 10, true],
  ['', 9600, 10, false],
  ['mmio32,0xfe', 9600, 10, false],
] as const) {
  test(`line options ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseLineOptions(text), { baud, bitsPerByte, hasFlowControl })
  })
}

test('console= in their order, without the ones that are none', () => {
  const line =
    'root=/dev/vda console=tty0 quiet console=ttyS1,19200n8 console=null console= console=1,9600'
  assert.deepEqual(parseConsoleArguments(line), [
    { name: 'tty0', options: '' },
    { name: 'ttyS1', options: '19200n8' },
    { name: 'ttyS1', options: '9600' },
  ])
})

for (const [name, kind] of [
  ['ttyS0', 'uart'],
  ['ttyAMA0', 'uart'],
  ['tty0', 'screen'],
  ['tty', 'screen'],
  ['hvc0', 'hypervisor'],
  ['netcon_ext0', 'network'],
  ['brcm', 'other'],
] as const) {
  test(`${name} is of kind ${kind}`, () => assert.equal(kindOf(name), kind))
}
