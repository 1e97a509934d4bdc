/**
 * @module The terminal: raw mode and the alternate screen while it is ours, and back as it was, however
 * `watch` ends. Draws changed lines only.
 */
import { writeSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import type { ReadStream, WriteStream } from 'node:tty'
import { parseKeys } from './parse-keys.ts'
import type { Size } from './view.ts'

export interface TerminalHandlers {
  readonly onKeys: (keys: readonly string[]) => void
  /** Everything must be drawn anew: its size changed, or it was another's meanwhile. */
  readonly onStale: () => void
  /** Nobody reads any more, or a signal says to end; the signal is to be raised again. */
  readonly onEnd: (signal: NodeJS.Signals | null) => void
}

export interface Terminal {
  readonly size: () => Size
  /** Painted lines, one for each of the screen. Skipped while an earlier frame is on its way. */
  readonly draw: (lines: readonly string[]) => void
  /** Forgets what is on the screen. */
  readonly forget: () => void
  /** Gives the terminal back and stops this process until it is continued. */
  readonly suspend: () => void
  readonly close: () => void
}

/** Alternate screen on, no cursor, no wrap: a name that is wider than thought breaks no line. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J'
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l'
/** A lone ESC is the key when nothing follows for this long; over slow links sequences are torn. */
const ESCAPE_AFTER_MS = 60
const STDOUT = 1
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Position, erase, line. Erased first: without wrap the cursor ends upon the last column. */
function drawLine(index: number, line: string): string {
  return `\u001b[${index + 1};1H\u001b[K${line}`
}

export function openTerminal(
  input: ReadStream,
  output: WriteStream,
  handlers: TerminalHandlers,
): Terminal {
  const decoder = new StringDecoder('utf8')
  let shown: string[] = []
  let rest = ''
  let escapeTimer: NodeJS.Timeout | undefined
  let isOurs = false

  function enter(): void {
    if (isOurs) return
    isOurs = true
    input.setRawMode(true)
    output.write(ENTER)
    shown = []
  }

  /** Synchronous, since it may be the last that this process does. */
  function leave(): void {
    if (!isOurs) return
    isOurs = false
    try {
      input.setRawMode(false)
      writeSync(STDOUT, LEAVE)
    } catch {
      // The terminal is gone: there is nothing to give back.
    }
  }

  function receive(chunk: Buffer): void {
    clearTimeout(escapeTimer)
    const parsed = parseKeys(rest + decoder.write(chunk))
    rest = parsed.rest
    if (rest !== '') {
      escapeTimer = setTimeout(() => {
        rest = ''
        handlers.onKeys(['escape'])
      }, ESCAPE_AFTER_MS)
    }
    if (parsed.keys.length > 0) handlers.onKeys(parsed.keys)
  }

  /** Whatever was done to the terminal meanwhile: a stop by SIGSTOP gave nobody time to leave it. */
  function resume(): void {
    // Node sets a mode only where it differs from the one that it set last.
    if (isOurs) input.setRawMode(false)
    isOurs = false
    enter()
    handlers.onStale()
  }

  function suspend(): void {
    leave()
    process.removeListener('SIGTSTP', suspend)
    process.kill(process.pid, 'SIGTSTP')
    // Here again after SIGCONT, or at once where nobody could continue it (an orphaned group).
    setImmediate(() => {
      process.on('SIGTSTP', suspend)
      resume()
    })
  }

  function resize(): void {
    shown = []
    output.write('\u001b[2J')
    handlers.onStale()
  }

  const hangUp = (): void => handlers.onEnd(null)
  const endBySignal = (signal: NodeJS.Signals): void => handlers.onEnd(signal)

  input.on('data', receive)
  input.on('end', hangUp)
  input.on('error', hangUp)
  output.on('error', hangUp)
  output.on('resize', resize)
  process.on('exit', leave)
  // Before anybody says what went wrong: on the alternate screen nobody would read it.
  process.on('uncaughtExceptionMonitor', leave)
  process.on('SIGTSTP', suspend)
  process.on('SIGCONT', resume)
  for (const signal of END_SIGNALS) process.on(signal, endBySignal)
  enter()

  return {
    size: () => ({ width: output.columns || 80, height: output.rows || 24 }),
    draw(lines) {
      if (!isOurs || output.writableNeedDrain) return
      let frame = ''
      lines.forEach((line, index) => {
        if (line !== shown[index]) frame += drawLine(index, line)
      })
      shown = [...lines]
      if (frame !== '') output.write(frame)
    },
    forget: resize,
    suspend,
    close() {
      clearTimeout(escapeTimer)
      leave()
      input.off('data', receive).off('end', hangUp).off('error', hangUp).pause()
      output.off('resize', resize)
      process
        .off('exit', leave)
        .off('uncaughtExceptionMonitor', leave)
        .off('SIGTSTP', suspend)
        .off('SIGCONT', resume)
      for (const signal of END_SIGNALS) process.off(signal, endBySignal)
    },
  }
}
