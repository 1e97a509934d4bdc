import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TerminalTraits } from './look.ts'
import { chooseLook, fitLine, paintLine, plainText } from './look.ts'
import { PLAIN_LOOK } from './scene.fixture.ts'

const FULL: TerminalTraits = {
  env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  isTty: true,
  colourDepth: 8,
  utcOffsetMin: 60,
}

const CASES: readonly [
  name: string,
  changed: Partial<TerminalTraits>,
  look: readonly [isColour: boolean, hasAttributes: boolean, isUnicode: boolean],
][] = [
  ['a terminal of today', {}, [true, true, true]],
  ['NO_COLOR', { env: { ...FULL.env, NO_COLOR: '1' } }, [false, true, true]],
  ['an empty NO_COLOR counts as none', { env: { ...FULL.env, NO_COLOR: '' } }, [true, true, true]],
  ['16 colours', { colourDepth: 4 }, [false, true, true]],
  ['a dumb terminal', { env: { ...FULL.env, TERM: 'dumb' } }, [false, false, false]],
  ['a pipe', { isTty: false }, [false, false, true]],
  ['a pipe in the C locale', { isTty: false, env: { LANG: 'C' } }, [false, false, false]],
  [
    'a serial console',
    { env: { ...FULL.env, TERM: 'vt220' }, colourDepth: 1 },
    [false, true, false],
  ],
  ['the C locale', { env: { TERM: 'xterm-256color', LANG: 'C' } }, [true, true, false]],
  ['LC_ALL before LANG', { env: { ...FULL.env, LC_ALL: 'POSIX' } }, [true, true, false]],
]
for (const [name, changed, [isColour, hasAttributes, isUnicode]] of CASES) {
  test(`the look on ${name}`, () => {
    const look = chooseLook({ ...FULL, ...changed })
    assert.deepEqual(look, { isColour, hasAttributes, isUnicode, isLight: false, utcOffsetMin: 60 })
  })
}

test('a white background is recognised', () => {
  assert.equal(chooseLook({ ...FULL, env: { ...FULL.env, COLORFGBG: '0;15' } }).isLight, true)
})

test('a line is cut to its width over all its spans', () => {
  const line = fitLine([{ text: 'ab' }, { text: 'cd\u0007' }, { text: 'e' }], 5, PLAIN_LOOK)
  assert.equal(plainText(line), 'abcd…')
})

const RED = { light: '#ff0000', dark: '#ff0000' }
test('attributes are painted where there are any, and end with their span', () => {
  const line = [{ text: 'a', style: { isBold: true, colour: RED } }, { text: 'b' }]
  assert.equal(paintLine(line, PLAIN_LOOK), 'ab')
  const bold = { ...PLAIN_LOOK, hasAttributes: true }
  assert.equal(paintLine(line, bold), '\u001b[1ma\u001b[0mb')
  assert.equal(paintLine(line, { ...bold, isColour: true }), '\u001b[1;38;5;196ma\u001b[0mb')
})
