/** @module Did you mean: the known word that is nearest to a mistyped one. */

/** Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`. */
function countEdits(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const [left = 0, above = 0, diagonal = 0] = [next[j - 1], row[j], row[j - 1]]
      const replaced = diagonal + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : replaced
      next.push(Math.min(left + 1, above + 1, replaced, swapped))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

const MAX_WORD_CHARS = 64

/** `undefined` where nothing is near: more than a third of the letters differ. */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_WORD_CHARS) return undefined
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '')
  let nearest: string | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const edits = countEdits(plain(word), plain(candidate))
    if (edits < fewest && edits <= Math.max(1, candidate.length / 3)) {
      fewest = edits
      nearest = candidate
    }
  }
  return nearest
}
