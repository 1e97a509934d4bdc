/** @module The live table: snapshots and keys in, screens out. */
import type { ReadStream, WriteStream } from 'node:tty'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { arrangeRows, foldSingles } from './arrange.ts'
import type { Look } from './look.ts'
import { paintLine } from './look.ts'
import { createModel, takeEvent, takeSnapshot } from './model.ts'
import type { SourceWish } from './open-source.ts'
import { openSource } from './open-source.ts'
import type { Around, Effect, Screen } from './screen.ts'
import { pressKey, settle } from './screen.ts'
import type { WatchSnapshot, WatchSource } from './source.ts'
import type { Terminal } from './terminal.ts'
import { openTerminal } from './terminal.ts'
import { renderView } from './view.ts'

export interface LiveRun {
  readonly wish: SourceWish
  readonly screen: Screen
  readonly look: Look
  readonly input: ReadStream
  readonly output: WriteStream
  /** How long, ms; `null`: until the reader quits. */
  readonly forMs: number | null
}

/**
 * Shows until the reader quits; the terminal is as before afterwards, also when this throws.
 * @returns the signal that ended it, to be raised again; `null`: the reader did
 * @throws PlimsollError PLM_PROC: there is no agent, and /proc cannot be read
 */
export async function runLive(run: LiveRun): Promise<NodeJS.Signals | null> {
  const { look } = run
  const model = createModel()
  let screen = run.screen
  let list: readonly SubjectRow[] = []
  let around: Around = { ids: [], pageLines: 1, textLines: 0 }
  /** The newest while the reader has paused. */
  let held: WatchSnapshot | null = null
  let source: WatchSource | undefined
  let end: (signal: NodeJS.Signals | null) => void = () => {}
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    end = resolve
  })

  function arrange(): void {
    list = foldSingles(arrangeRows(model.snapshot?.rows ?? [], screen), screen)
    around = { ...around, ids: list.map((row) => row.id) }
  }

  function draw(): void {
    const size = terminal.size()
    const render = () => renderView({ model, screen, list, size, look })
    let view = render()
    around = { ...around, pageLines: view.pageLines, textLines: view.textLines }
    const settled = settle(screen, around)
    if (settled !== screen) {
      screen = settled
      view = render()
    }
    terminal.draw(view.lines.map((line) => paintLine(line, look)))
  }

  function take(snapshot: WatchSnapshot): void {
    if (screen.isPaused) {
      held = snapshot
      return
    }
    takeSnapshot(model, snapshot)
    if (screen.page === 'detail' && screen.selectedId !== null) source?.inspect(screen.selectedId)
    arrange()
    draw()
  }

  function act(effect: Effect): void {
    if (effect === 'quit') end(null)
    if (effect === 'suspend') terminal.suspend()
    if (effect === 'redraw') terminal.forget()
  }

  function press(keys: readonly string[]): void {
    for (const key of keys) {
      const before = screen
      const pressed = pressKey(screen, key, around)
      screen = pressed.screen
      const isOther =
        screen.sort !== before.sort ||
        screen.show !== before.show ||
        screen.filter !== before.filter
      if (isOther) arrange()
      act(pressed.effect)
    }
    if (!screen.isPaused && held !== null) {
      const newest = held
      held = null
      take(newest)
    } else draw()
  }

  const terminal: Terminal = openTerminal(run.input, run.output, {
    onKeys: press,
    onStale: draw,
    onEnd: end,
  })
  const timer = run.forMs === null ? undefined : setTimeout(() => end(null), run.forMs)
  try {
    draw()
    source = await openSource(run.wish, {
      onSnapshot: take,
      onEvent: (event) => takeEvent(model, event),
    })
    return await ended
  } finally {
    clearTimeout(timer)
    source?.stop()
    terminal.close()
  }
}
