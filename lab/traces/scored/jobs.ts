/** @module Work that comes, grows as it goes on, and ends: jobs, tabs, matches. */
import type { Part } from '../kit/parts.ts'
import type { Rng } from '../kit/rng.ts'
import { poisson } from './load.ts'

export interface JobKind {
  /** Arrivals a second. */
  readonly pace: Part
  readonly lastsSec: () => number
  readonly bytes: () => number
  /** What it holds, of its bytes, when it is so far: 0 to 1. */
  readonly shape: (done: number) => number
  /** More than these are turned away. */
  readonly most: number
}

interface Job {
  readonly from: number
  readonly lastsSec: number
  readonly bytes: number
}

/** What all running jobs hold. */
export function jobs(rng: Rng, kind: JobKind): Part {
  let running: Job[] = []
  let last = 0
  return (t) => {
    const came = poisson(rng, kind.pace(t) * (t - last))
    running = running.filter(({ from, lastsSec }) => t < from + lastsSec)
    for (let i = 0; i < came && running.length < kind.most; i++) {
      running.push({ from: t, lastsSec: kind.lastsSec(), bytes: kind.bytes() })
    }
    last = t
    return running.reduce((total, job) => {
      return total + job.bytes * kind.shape((t - job.from) / job.lastsSec)
    }, 0)
  }
}
