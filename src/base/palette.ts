/**
 * @module One colour for each kind of memory, the same in dashboard and terminal.
 *
 * Hues from Okabe and Ito ("Color Universal Design", 2008) and Paul Tol's muted scheme (SRON
 * EPS/TN/09-002), which stay apart for people with protanopia and deuteranopia; shades are moved so
 * that each is readable on its background. A colour never stands alone: a word or a shape says the
 * same.
 */

/** Kinds of memory in the order of a stack, from the bottom. */
export const MEMORY_KINDS = [
  'anon',
  'shmem',
  'swap',
  'slab',
  'pageTables',
  'kernelStack',
  'vmalloc',
  'percpu',
  'hugepages',
  'socket',
  'dmabuf',
  'bpf',
  'unaccounted',
  'file',
  'free',
] as const
export type MemoryKind = (typeof MEMORY_KINDS)[number]

export interface Shade {
  /** `#rrggbb` on a light background. */
  readonly light: string
  /** `#rrggbb` on a dark background. */
  readonly dark: string
}

export interface MemoryColour extends Shade {
  readonly label: string
}

export const MEMORY_COLOURS: Readonly<Record<MemoryKind, MemoryColour>> = {
  anon: { label: 'anonymous', light: '#c85200', dark: '#f07f2e' },
  shmem: { label: 'shared memory', light: '#e8b01c', dark: '#f7d774' },
  swap: { label: 'swap', light: '#882255', dark: '#c23f80' },
  slab: { label: 'slab', light: '#009e73', dark: '#4fe0b5' },
  pageTables: { label: 'page tables', light: '#332288', dark: '#8d83e0' },
  kernelStack: { label: 'kernel stacks', light: '#999933', dark: '#c5c562' },
  vmalloc: { label: 'vmalloc', light: '#aa4499', dark: '#d987cb' },
  percpu: { label: 'per CPU', light: '#117733', dark: '#55b573' },
  hugepages: { label: 'huge pages', light: '#cc79a7', dark: '#e8b4cf' },
  socket: { label: 'sockets', light: '#0072b2', dark: '#4ba3dd' },
  dmabuf: { label: 'dma-buf', light: '#cc6677', dark: '#eb98a5' },
  bpf: { label: 'BPF', light: '#44aa99', dark: '#a5f0e4' },
  unaccounted: { label: 'unaccounted', light: '#555555', dark: '#a8a8a8' },
  file: { label: 'page cache', light: '#56b4e9', dark: '#3c8fc2' },
  free: { label: 'free', light: '#e4e7ea', dark: '#30363c' },
}

/** How grave a verdict is, beside its word: keys are the states of a leak. */
export const STATE_COLOURS = {
  confirmed: { light: '#b3261e', dark: '#ff7a70' },
  suspected: { light: '#b35c00', dark: '#f5a742' },
  growing: { light: '#8a6d00', dark: '#e6d04f' },
  harmless: { light: '#00735c', dark: '#4cc9a4' },
  steady: { light: '#5c6670', dark: '#98a2ad' },
  unknown: { light: '#69727b', dark: '#848e98' },
} as const satisfies Readonly<Record<string, Shade>>

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number]

export function parseHexColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** The six levels of each channel in xterm's colour cube (256colres.pl). */
const CUBE = [0, 95, 135, 175, 215, 255] as const

function squaredDistance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
}

function nearestLevel(channel: number): number {
  let best = 0
  CUBE.forEach((level, index) => {
    if (Math.abs(level - channel) < Math.abs((CUBE[best] ?? 0) - channel)) best = index
  })
  return best
}

/**
 * The index from 16 to 255 of the nearest colour of xterm's 256; the first 16 are the user's own
 * and so unknown.
 */
export function nearestXterm256(hex: string): number {
  const rgb = parseHexColour(hex)
  const [red, green, blue] = rgb.map(nearestLevel) as [number, number, number]
  const cube: Rgb = [CUBE[red] ?? 0, CUBE[green] ?? 0, CUBE[blue] ?? 0]
  const mean = (rgb[0] + rgb[1] + rgb[2]) / 3
  const step = Math.min(23, Math.max(0, Math.round((mean - 8) / 10)))
  const level = 8 + 10 * step
  const isGrey = squaredDistance(rgb, [level, level, level]) < squaredDistance(rgb, cube)
  return isGrey ? 232 + step : 16 + 36 * red + 6 * green + blue
}
