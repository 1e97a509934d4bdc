/** @module What is said while a scene is played: lines that stay, and one below them that is rewritten. */
import type { Line, Look } from '../../watch/look.ts'
import { fitLine, paintLine } from '../../watch/look.ts'

export interface LiveOutput {
  readonly look: Look
  readonly width: () => number
  /** Of a line that stays. */
  readonly lineWidth: () => number
  readonly say: (line: Line) => void
  /** Shows what `line` gives until `null`, anew so often; without a terminal nothing. */
  readonly follow: (line: (() => Line) | null) => void
}

const EVERY_MS = 100
const WIDTH = 80
/** Of lines that go to a file or another program: nothing is cut. */
const UNCUT = 10_000

export function createLiveOutput(output: NodeJS.WriteStream, look: Look): LiveOutput {
  const isTty = output.isTTY === true && look.hasAttributes
  const width = (): number => output.columns || WIDTH
  const lineWidth = (): number => (isTty ? width() : UNCUT)
  let current: (() => Line) | null = null
  let timer: NodeJS.Timeout | undefined
  let isShown = false

  function clear(): void {
    if (isShown) output.write('\r\u001b[K')
    isShown = false
  }

  function show(): void {
    if (!isTty || current === null) return
    clear()
    // In the last column some terminals wrap.
    output.write(paintLine(fitLine(current(), width() - 1, look), look))
    isShown = true
  }

  return {
    look,
    width,
    lineWidth,
    say(line) {
      clear()
      output.write(`${paintLine(fitLine(line, lineWidth(), look), look)}\n`)
      show()
    },
    follow(line) {
      clearInterval(timer)
      clear()
      current = line
      if (line === null || !isTty) return
      show()
      timer = setInterval(show, EVERY_MS)
    },
  }
}
