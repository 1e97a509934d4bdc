/** @module Lines of dots in braille characters: two dots across and four down in each. */

/** Bit of each dot in U+2800..U+28FF, by column and row from the top (Unicode 3.0, chapter 12). */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

export const DOTS_ACROSS = 2
export const DOTS_DOWN = 4

/**
 * Draws, for each column of dots, the dots from `low` to `high`, which count from the bottom; NaN:
 * none. @returns one text a row of characters, from the top
 */
export function drawDots(
  low: readonly number[],
  high: readonly number[],
  rows: number,
): readonly string[] {
  const width = Math.ceil(low.length / DOTS_ACROSS)
  const cells = Array.from({ length: rows }, () => new Uint8Array(width))
  for (let column = 0; column < low.length; column++) {
    const top = Math.min(high[column] as number, rows * DOTS_DOWN - 1)
    for (let dot = Math.max(0, low[column] as number); dot <= top; dot++) {
      const down = rows * DOTS_DOWN - 1 - dot
      const cell = Math.floor(column / DOTS_ACROSS)
      const row = cells[Math.floor(down / DOTS_DOWN)] as Uint8Array
      row[cell] = (row[cell] as number) | (DOTS[column % DOTS_ACROSS]?.[down % DOTS_DOWN] ?? 0)
    }
  }
  return cells.map((row) => Array.from(row, characterOf).join(''))
}

/** Nothing is a space, since some fonts show the empty braille cell as eight hollow dots. */
function characterOf(bits: number): string {
  return bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits)
}
