/** @module The straight line through samples whose time is known exactly. */

/** Change of `ys` for each unit of `xs`, by least squares; NaN where all `xs` are equal. */
export function leastSquaresSlope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const middleX = mean(xs)
  const middleY = mean(ys)
  let dot = 0
  let square = 0
  xs.forEach((x, i) => {
    dot += (x - middleX) * ((ys[i] ?? middleY) - middleY)
    square += (x - middleX) ** 2
  })
  return dot / square
}
