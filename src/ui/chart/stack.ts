/** @module Kinds of memory stacked: each series is drawn from zero, the highest first. */
import type uPlot from 'uplot'
import type { MemoryKind, Shade } from '../../base/palette.ts'
import { MEMORY_COLOURS, parseHexColour } from '../../base/palette.ts'

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

/** Large areas are calmer than the line on top of them, which has the full colour. */
const FILL_STRENGTH = 0.72

/** Opaque, since each layer is drawn over the higher ones behind it. */
export function mixColours(ink: string, surface: string, share: number): string {
  const back = parseHexColour(surface)
  const mixed = parseHexColour(ink).map((channel, i) =>
    Math.round(channel * share + (back[i] ?? 0) * (1 - share)),
  )
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** Series for layers stacked from the bottom, in the order of drawing: the highest sum first. */
export function stackSeries(
  layers: readonly Pick<Layer, 'kind' | 'label'>[],
  surface: string,
  shadeOf: (shade: Shade) => string,
): uPlot.Series[] {
  return layers
    .map(({ kind, label }): uPlot.Series => {
      const colour = shadeOf(MEMORY_COLOURS[kind])
      const fill = mixColours(colour, surface, kind === 'free' ? 1 : FILL_STRENGTH)
      return { label, fill, stroke: colour, width: 1, points: { show: false } }
    })
    .reverse()
}

/** Columns in the order of {@link stackSeries}. */
export function stackColumns(layers: readonly Layer[]): (number | null)[][] {
  return stackLayers(layers).reverse()
}
