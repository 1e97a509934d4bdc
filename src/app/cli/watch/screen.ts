/** @module What the reader looks at, and what each key makes of it. Pure: state and key in, state out. */
import type { SubjectId } from '../../../core/wire/records.ts'
import type { ShowGroup, SortKey } from './arrange.ts'
import { SHOW_GROUPS, SORT_KEYS } from './arrange.ts'

export interface Screen {
  readonly page: 'list' | 'detail' | 'help'
  readonly sort: SortKey
  readonly show: ShowGroup
  readonly filter: string
  /** Whether keys go into the filter. */
  readonly isTyping: boolean
  /** The row that is marked; `null`: the first, whichever that is. */
  readonly selectedId: SubjectId | null
  /** First row, or first line of a detail or of the help, that is seen. */
  readonly top: number
  readonly isPaused: boolean
}

/** What a key does besides. */
export type Effect = 'none' | 'quit' | 'suspend' | 'redraw'

/** What is on the screen now. */
export interface Around {
  /** The list as arranged. */
  readonly ids: readonly SubjectId[]
  /** Lines for rows, or for a detail. */
  readonly pageLines: number
  /** Lines that the detail or the help has. */
  readonly textLines: number
}

const MAX_FILTER = 80

export function createScreen(sort: SortKey, filter: string): Screen {
  return {
    page: 'list',
    sort,
    show: 'all',
    filter,
    isTyping: false,
    selectedId: null,
    top: 0,
    isPaused: false,
  }
}

/** Index of the marked row; 0 where it is gone. */
export function selectedIndex(screen: Screen, ids: readonly SubjectId[]): number {
  return screen.selectedId === null ? 0 : Math.max(0, ids.indexOf(screen.selectedId))
}

/** Moves the window of rows so that the marked one is in it. */
export function settle(screen: Screen, { ids, pageLines, textLines }: Around): Screen {
  const last = Math.max(0, (screen.page === 'list' ? ids.length : textLines) - pageLines)
  let top = Math.min(screen.top, last)
  if (screen.page === 'list') {
    const index = selectedIndex(screen, ids)
    top = Math.max(Math.min(top, index), index - pageLines + 1)
  }
  top = Math.max(0, top)
  return top === screen.top ? screen : { ...screen, top }
}

function next<Value>(values: readonly Value[], value: Value): Value {
  return values[(values.indexOf(value) + 1) % values.length] ?? value
}

/** How far a key moves, in lines; `undefined`: it does not. */
function stepOf(key: string, pageLines: number): number | undefined {
  const page = Math.max(1, pageLines - 1)
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -page,
    pagedown: page,
    home: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  }
  return Object.hasOwn(steps, key) ? steps[key] : undefined
}

function move(screen: Screen, step: number, around: Around): Screen {
  if (screen.page !== 'list') {
    const last = Math.max(0, around.textLines - around.pageLines)
    return { ...screen, top: Math.max(0, Math.min(last, screen.top + step)) }
  }
  const last = around.ids.length - 1
  const index = Math.max(0, Math.min(last, selectedIndex(screen, around.ids) + step))
  // At the top the mark stays on the worst, whoever that becomes.
  return settle({ ...screen, selectedId: index === 0 ? null : (around.ids[index] ?? null) }, around)
}

function type(screen: Screen, key: string): Screen {
  if (key === 'enter') return { ...screen, isTyping: false }
  if (key === 'escape') return { ...screen, isTyping: false, filter: '' }
  const filtered = (filter: string): Screen => ({ ...screen, filter, selectedId: null, top: 0 })
  if (key === 'backspace') return filtered([...screen.filter].slice(0, -1).join(''))
  if (key === 'ctrl-u') return filtered('')
  const isCharacter = [...key].length === 1
  return isCharacter ? filtered(`${screen.filter}${key}`.slice(0, MAX_FILTER)) : screen
}

function goBack(screen: Screen): Screen {
  if (screen.page !== 'list') return { ...screen, page: 'list', top: 0 }
  return { ...screen, filter: '', selectedId: null, top: 0 }
}

function pressList(screen: Screen, key: string, around: Around): Screen {
  const sort = SORT_KEYS[Number(key) - 1]
  if (sort !== undefined) return { ...screen, sort, top: 0, selectedId: null }
  switch (key) {
    case 'enter': {
      const id = around.ids[selectedIndex(screen, around.ids)]
      return id === undefined ? screen : { ...screen, page: 'detail', selectedId: id, top: 0 }
    }
    case 's':
      return { ...screen, sort: next(SORT_KEYS, screen.sort), top: 0, selectedId: null }
    case 'g':
      return { ...screen, show: next(SHOW_GROUPS, screen.show), top: 0, selectedId: null }
    case '/':
      return { ...screen, isTyping: true }
    default:
      return screen
  }
}

/** @param key a character, or a name as parse-keys.ts gives it */
export function pressKey(
  screen: Screen,
  key: string,
  around: Around,
): { readonly screen: Screen; readonly effect: Effect } {
  if (key === 'ctrl-c') return { screen, effect: 'quit' }
  if (key === 'ctrl-z') return { screen, effect: 'suspend' }
  if (key === 'ctrl-l') return { screen, effect: 'redraw' }
  const step = screen.isTyping && [...key].length === 1 ? undefined : stepOf(key, around.pageLines)
  if (step !== undefined) return { screen: move(screen, step, around), effect: 'none' }
  if (screen.isTyping) return { screen: type(screen, key), effect: 'none' }
  switch (key) {
    case 'q':
      return { screen, effect: 'quit' }
    case ' ':
      return { screen: { ...screen, isPaused: !screen.isPaused }, effect: 'none' }
    case '?':
    case 'h':
      return {
        screen: { ...screen, page: screen.page === 'help' ? 'list' : 'help', top: 0 },
        effect: 'none',
      }
    case 'escape':
    case 'backspace':
      return { screen: goBack(screen), effect: 'none' }
    default:
      return {
        screen: screen.page === 'list' ? pressList(screen, key, around) : screen,
        effect: 'none',
      }
  }
}
