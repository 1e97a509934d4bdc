import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  MEMORY_COLOURS,
  MEMORY_KINDS,
  nearestXterm256,
  parseHexColour,
  STATE_COLOURS,
} from './palette.ts'

type Triple = [number, number, number]

function linear(hex: string): Triple {
  return parseHexColour(hex).map((channel) => {
    const c = channel / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as Triple
}

function times(matrix: readonly Triple[], v: Triple): Triple {
  return matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Triple
}

/** Machado, Oliveira and Fernandes 2009, table 1, severity 1.0. */
const VISION: Record<string, readonly Triple[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
}

const TO_XYZ: readonly Triple[] = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
]

function lab(rgb: Triple): Triple {
  const [x, y, z] = times(TO_XYZ, rgb.map((c) => Math.min(1, Math.max(0, c))) as Triple)
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  return [116 * f(y) - 16, 500 * (f(x / 0.9505) - f(y)), 200 * (f(y) - f(z / 1.089))]
}

function difference(a: string, b: string, vision: readonly Triple[]): number {
  const [p, q] = [a, b].map((hex) => lab(times(vision, linear(hex)))) as [Triple, Triple]
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
}

function contrast(a: string, b: string): number {
  const [p, q] = [a, b].map((hex) => times(TO_XYZ, linear(hex))[1]) as [number, number]
  return (Math.max(p, q) + 0.05) / (Math.min(p, q) + 0.05)
}

test('neighbours in the stack stay apart, also for the colour-blind', () => {
  for (const [name, vision] of Object.entries(VISION)) {
    for (const shade of ['light', 'dark'] as const) {
      for (let i = 1; i < MEMORY_KINDS.length; i++) {
        const [below, above] = [MEMORY_KINDS[i - 1]!, MEMORY_KINDS[i]!]
        const apart = difference(MEMORY_COLOURS[below][shade], MEMORY_COLOURS[above][shade], vision)
        assert.ok(apart > 15, `${below} and ${above}, ${shade}, ${name}: ${apart.toFixed(1)}`)
      }
    }
  }
})

test('kinds of a process stay apart from each other', () => {
  const kinds = ['anon', 'shmem', 'swap', 'file'] as const
  for (const vision of Object.values(VISION)) {
    for (const a of kinds) {
      for (const b of kinds) {
        if (a === b) continue
        for (const shade of ['light', 'dark'] as const) {
          const apart = difference(MEMORY_COLOURS[a][shade], MEMORY_COLOURS[b][shade], vision)
          assert.ok(apart > 15, `${a} and ${b}, ${shade}: ${apart.toFixed(1)}`)
        }
      }
    }
  }
})

test('words in the colour of a state are readable on both backgrounds', () => {
  for (const [state, shade] of Object.entries(STATE_COLOURS)) {
    assert.ok(contrast(shade.light, '#ffffff') >= 4.5, `${state} light`)
    assert.ok(contrast(shade.dark, '#16191d') >= 4.5, `${state} dark`)
  }
})

test('nearest colours of xterm', () => {
  for (const [hex, index] of [
    ['#000000', 16],
    ['#ffffff', 231],
    ['#ff0000', 196],
    ['#5f87af', 67],
    ['#808080', 244],
    ['#30363c', 237],
  ] as const) {
    assert.equal(nearestXterm256(hex), index, hex)
  }
})
