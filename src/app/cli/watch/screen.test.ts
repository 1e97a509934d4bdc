import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Around, Effect, Screen } from './screen.ts'
import { createScreen, pressKey, settle } from './screen.ts'

const IDS = Array.from({ length: 30 }, (_, index) => `row ${index}`)
const AROUND: Around = { ids: IDS, pageLines: 10, textLines: 25 }
const START = createScreen('worst', '')

function press(keys: readonly string[], from: Screen = START): Screen {
  return keys.reduce((screen, key) => pressKey(screen, key, AROUND).screen, from)
}

const KEYS: readonly [name: string, keys: readonly string[], expected: Partial<Screen>][] = [
  ['down marks the next', ['down', 'j'], { selectedId: 'row 2', top: 0 }],
  ['up marks the one before', ['j', 'j', 'k'], { selectedId: 'row 1' }],
  ['back at the top the mark stays on the worst', ['j', 'up'], { selectedId: null }],
  ['the window follows the mark', ['end'], { selectedId: 'row 29', top: 20 }],
  ['a page is a page', ['pagedown', 'pagedown'], { selectedId: 'row 18', top: 9 }],
  ['home goes home', ['end', 'home'], { selectedId: null, top: 0 }],
  ['s sorts by the next key', ['s', 's'], { sort: 'rate' }],
  ['s goes round', ['6', 's'], { sort: 'worst' }],
  ['a digit names the key', ['5'], { sort: 'name' }],
  ['a digit that names none does nothing', ['7', '0'], { sort: 'worst' }],
  ['sorting goes to the top', ['end', '2'], { selectedId: null, top: 0 }],
  ['g goes through the groups', ['g', 'g'], { show: 'services' }],
  ['Enter opens the marked row', ['j', 'enter'], { page: 'detail', selectedId: 'row 1' }],
  [
    'Esc goes back to the same row',
    ['j', 'enter', 'escape'],
    { page: 'list', selectedId: 'row 1' },
  ],
  ['a detail scrolls to its end', ['enter', 'end'], { page: 'detail', top: 15 }],
  ['a detail scrolls no further', ['enter', 'end', 'down', 'home', 'up'], { top: 0 }],
  ['? opens the help and closes it', ['?', '?'], { page: 'list' }],
  ['space pauses', [' '], { isPaused: true }],
  ['space goes on', [' ', ' '], { isPaused: false }],
  ['/ takes letters', ['/', 'q', 's', ' ', '1'], { filter: 'qs 1', isTyping: true, sort: 'worst' }],
  ['Enter keeps the filter', ['/', 'a', 'enter'], { filter: 'a', isTyping: false, page: 'list' }],
  ['Esc ends the filter', ['/', 'a', 'escape'], { filter: '', isTyping: false }],
  ['Esc in the list ends a kept filter', ['/', 'a', 'enter', 'escape'], { filter: '' }],
  ['backspace takes a whole character', ['/', 'a', '😀', 'backspace'], { filter: 'a' }],
  ['Ctrl-U empties the filter', ['/', 'a', 'b', 'ctrl-u'], { filter: '', isTyping: true }],
  ['arrows move while typing', ['/', 'down'], { selectedId: 'row 1', isTyping: true }],
]
for (const [name, keys, expected] of KEYS) {
  test(name, () => {
    const screen = press(keys)
    assert.deepEqual({ ...screen, ...expected }, screen)
  })
}

const EFFECTS: readonly [key: string, screen: Screen, effect: Effect][] = [
  ['q', START, 'quit'],
  ['q', { ...START, page: 'detail' }, 'quit'],
  ['q', { ...START, isTyping: true }, 'none'],
  ['ctrl-c', { ...START, isTyping: true }, 'quit'],
  ['ctrl-z', START, 'suspend'],
  ['ctrl-l', START, 'redraw'],
]
test('keys that do more than move', () => {
  for (const [key, screen, effect] of EFFECTS) {
    assert.equal(pressKey(screen, key, AROUND).effect, effect, key)
  }
})

test('the marked row stays in sight while rows come, go and change places', () => {
  const screen = press(['end'])
  assert.equal(settle(screen, { ...AROUND, ids: IDS.toReversed() }).top, 0)
  assert.equal(settle(screen, { ...AROUND, ids: IDS.slice(0, 3) }).top, 0)
  assert.equal(settle(screen, { ...AROUND, pageLines: 5 }).top, 25)
  assert.equal(settle(screen, AROUND), screen)
})

test('any keys leave a screen that can be shown', () => {
  const key = fc.oneof(
    fc.constantFrom('up', 'down', 'pageup', 'pagedown', 'home', 'end', 'enter', 'escape'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  )
  fc.assert(
    fc.property(fc.array(key), fc.nat(40), fc.nat(20), (keys, rows, pageLines) => {
      const around = { ids: IDS.slice(0, rows), pageLines: pageLines + 1, textLines: rows }
      const screen = keys.reduce((state, one) => pressKey(state, one, around).screen, START)
      assert.ok(screen.top >= 0 && screen.top <= Math.max(0, rows - 1))
      assert.ok(screen.filter.length <= 80)
    }),
  )
})
