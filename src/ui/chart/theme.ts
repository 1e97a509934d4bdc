/** @module How every chart looks: one time axis, one cursor, bytes in powers of two. */
import type uPlot from 'uplot'
import { formatBytes } from '../../base/format.ts'
import { isDark } from '../store/theme.ts'

export const CURSOR_KEY = 'plimsoll'
const FONT = '11px system-ui, sans-serif'
const DAY_SEC = 86_400
/** Steps of a byte axis: powers of two, so that its labels are whole. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power)

export interface Inks {
  readonly text: string
  readonly grid: string
  readonly mark: string
  readonly limit: string
  readonly surface: string
}

/** What canvas cannot take from the style sheet. */
export function readInks(): Inks {
  return isDark.value
    ? { text: '#98a2ad', grid: '#2a3036', mark: '#c3cad1', limit: '#ff7a70', surface: '#14181c' }
    : { text: '#5c6670', grid: '#e8ebee', mark: '#3b444d', limit: '#b3261e', surface: '#ffffff' }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

/** Labels in 24 hours; the day where a step is a day or more. */
export function formatTick(wallSec: number, stepSec: number): string {
  const date = new Date(wallSec * 1_000)
  const day = `${date.toLocaleString('en', { month: 'short' })} ${date.getDate()}`
  if (stepSec >= DAY_SEC) return day
  const minutes = `${pad(date.getHours())}:${pad(date.getMinutes())}`
  if (stepSec < 60) return `${minutes}:${pad(date.getSeconds())}`
  return minutes === '00:00' ? day : minutes
}

export function timeAxis(inks: Inks, isShown = true): uPlot.Axis {
  return {
    font: FONT,
    stroke: inks.text,
    grid: { stroke: inks.grid, width: 1 },
    ticks: { stroke: inks.grid, width: 1, size: 4 },
    space: 70,
    size: isShown ? 26 : 6,
    values: (_, splits, __, ___, stepSec) =>
      splits.map((split) => (isShown ? formatTick(split, stepSec) : '')),
  }
}

function valueAxis(inks: Inks): uPlot.Axis {
  return {
    font: FONT,
    stroke: inks.text,
    grid: { stroke: inks.grid, width: 1 },
    ticks: { show: false },
    size: 62,
    space: 28,
    gap: 4,
  }
}

export function byteAxis(inks: Inks): uPlot.Axis {
  return {
    ...valueAxis(inks),
    incrs: BYTE_STEPS,
    values: (_, splits) =>
      splits.map((split) => (split === 0 ? '0' : formatBytes(split).replace('.0 ', ' '))),
  }
}

export function percentAxis(inks: Inks): uPlot.Axis {
  return { ...valueAxis(inks), space: 18, values: (_, splits) => splits.map((s) => `${s} %`) }
}

export function countAxis(inks: Inks): uPlot.Axis {
  return { ...valueAxis(inks), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10000] }
}
