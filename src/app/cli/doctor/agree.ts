/** @module A question to whoever sits at the terminal; without one, the answer is no. */
import { createInterface } from 'node:readline/promises'

export async function agrees(question: string): Promise<boolean> {
  const { stdin, stdout } = process
  if (!stdin.isTTY || !stdout.isTTY) return false
  const lines = createInterface({ input: stdin, output: stdout })
  const over = new AbortController()
  // Whoever ends the input has not agreed.
  lines.on('close', () => over.abort())
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, over)).trim())
  } catch {
    return false
  } finally {
    lines.close()
  }
}
