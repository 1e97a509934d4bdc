/** @module Kinds of memory stacked: each series is drawn from zero, the highest first. */
import type uPlot from 'uplot'
import type { MemoryKind } from '../../base/palette.ts'
import { MEMORY_COLOURS } from '../../base/palette.ts'
import { shadeOf } from '../store/theme.ts'

export interface Layer {
  readonly kind: MemoryKind
  readonly label: string
  /** `null`: not known at that point, a gap. */
  readonly bytes: readonly (number | null)[]
}

/**
 * Running sums from the bottom layer up. A layer that is not known at a point counts as nothing
 * there; where no layer is known all are a gap.
 */
export function stackLayers(layers: readonly Layer[]): (number | null)[][] {
  const length = layers[0]?.bytes.length ?? 0
  const sums: (number | null)[] = new Array<number | null>(length).fill(null)
  return layers.map(({ bytes }) => {
    for (let i = 0; i < length; i++) {
      const value = bytes[i]
      if (value !== null && value !== undefined) sums[i] = (sums[i] ?? 0) + value
    }
    return [...sums]
  })
}

/** Series for layers stacked from the bottom, in the order of drawing: the highest sum first. */
export function stackSeries(layers: readonly Pick<Layer, 'kind' | 'label'>[]): uPlot.Series[] {
  return layers
    .map(({ kind, label }): uPlot.Series => {
      const colour = shadeOf(MEMORY_COLOURS[kind])
      return { label, fill: colour, stroke: colour, width: 0, points: { show: false } }
    })
    .reverse()
}

/** Columns in the order of {@link stackSeries}. */
export function stackColumns(layers: readonly Layer[]): (number | null)[][] {
  return stackLayers(layers).reverse()
}
