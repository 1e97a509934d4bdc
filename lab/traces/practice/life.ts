/** @module From parts to a labelled trace: sampled, rounded to pages, with what recordings lack. */

import type { LabelledTrace } from '../labelled.ts'
import type { Frame, Part } from './kit.ts'

export interface Leak {
  readonly onsetSec: number
  readonly part: Part
  /** Where it is not what the part gains from the onset to the end. */
  readonly rateBytesPerSec?: number
}

export interface Life {
  readonly family: string
  readonly frame: Frame
  /** Memory that counts, above nothing; made anew for each process of the service. */
  readonly parts: (ageFromSec: number, lifeSec: number) => readonly Part[]
  /** The leak among them, in bytes over the trace's time; none where harmless. */
  readonly leak?: Leak
  readonly baseBytes: number
  readonly startsSec?: readonly number[]
  readonly tellStarts?: boolean
  readonly quantumBytes?: number
  readonly file?: Part
  /** Share of the level that is shared memory, and how much of it is in swap. */
  readonly shmemShare?: number
  readonly swapped?: Part
  readonly hasGaps?: boolean
}

function sampleTimes({ dice, durationSec, everySec }: Frame, hasGaps: boolean): number[] {
  const times: number[] = []
  const jitter = dice.pick([0, 0.02, 0.3])
  let skipUntil = -1
  for (let i = 0; i * everySec <= durationSec; i++) {
    const t = i * everySec + (i === 0 ? 0 : everySec * jitter * (dice.next() - 0.5))
    if (hasGaps && dice.chance(0.001)) skipUntil = t + everySec * dice.magnitude(3, 60)
    if (t >= skipUntil) times.push(Math.round(t * 1000) / 1000)
  }
  return times
}

const PAGE = 4096

/** A life as it would have been recorded. */
export function liveThrough(life: Life): LabelledTrace {
  const { frame, startsSec = [] } = life
  const { dice } = frame
  const tSec = Float64Array.from(sampleTimes(frame, life.hasGaps ?? dice.chance(0.15)))
  const n = tSec.length
  const column = (): Float64Array<ArrayBuffer> => new Float64Array(n)
  const [anon, file, shmem, swap, vsz, threads, fds] = Array.from({ length: 7 }, column) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const hasSwap = life.swapped !== undefined || dice.chance(0.5)
  const quantum = life.quantumBytes ?? PAGE
  const ends = [...startsSec, frame.durationSec]
  let next = 0
  let startSec = 0
  let parts = life.parts(0, ends[0] as number)
  for (let i = 0; i < n; i++) {
    const t = tSec[i] as number
    while (next < startsSec.length && t >= (startsSec[next] as number)) {
      startSec = startsSec[next] as number
      next++
      parts = life.parts(startSec, (ends[next] as number) - startSec)
    }
    let level = life.baseBytes
    for (const part of parts) level += part(t - startSec)
    if (life.leak !== undefined) level += life.leak.part(t)
    level = Math.max(PAGE, Math.round(level / quantum) * quantum)
    const swapped = Math.min(level, life.swapped?.(t) ?? 0)
    const shared = (level - swapped) * (life.shmemShare ?? 0)
    anon[i] = level - swapped - shared
    shmem[i] = shared
    swap[i] = hasSwap ? swapped : NaN
    file[i] = life.file?.(t) ?? 8 * 2 ** 20
    vsz[i] = level * 1.4 + 2 ** 28
    threads[i] = 8
    fds[i] = 32
  }
  return {
    family: life.family,
    spec: {
      file: `${life.family}.csv.gz`,
      headroomBytes: frame.headroomBytes,
      sampleSec: frame.everySec,
      startsSec: life.tellStarts === true ? startsSec : null,
    },
    trace: {
      tSec,
      rssAnonBytes: anon,
      rssFileBytes: file,
      rssShmemBytes: shmem,
      swapBytes: swap,
      vszBytes: vsz,
      threads,
      fds,
    },
    truth: truthOf(life, tSec[n - 1] as number),
  }
}

function truthOf({ leak }: Life, lastSec: number): LabelledTrace['truth'] {
  if (leak === undefined) return { leaking: false, onsetSec: null, rateBytesPerSec: null }
  const grown = leak.part(lastSec) - leak.part(leak.onsetSec)
  return {
    leaking: true,
    onsetSec: leak.onsetSec,
    rateBytesPerSec: leak.rateBytesPerSec ?? grown / (lastSec - leak.onsetSec),
  }
}
