/** @module Figures in words, as findings and sentences have them. */

/** `12.4 s`, `0.09 s`; `134 s` from a hundred on. */
export function seconds(ms: number): string {
  const value = ms / 1000
  if (value >= 99.95) return `${value.toFixed(0)} s`
  return `${value < 0.995 ? value.toFixed(2) : value.toFixed(1)} s`
}

/** Decimal, as a line's speed is: `23.9 kB`, `168 bytes`. */
export function onWire(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`
}

/** `19,200`. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `ttyS0`, `ttyS0 and tty0`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
