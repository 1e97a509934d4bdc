/** @module Figures of a scene in words. Pure. */

/** `23612` is `23,612`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US')
}

/** Milliseconds as `12.3 s`; below a tenth of a second as `0.02 s`. */
export function formatSec(ms: number): string {
  return `${(ms / 1000).toFixed(ms > 0 && ms < 95 ? 2 : 1)} s`
}

export function plural(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`
}

/** `a, b and c`. */
export function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
