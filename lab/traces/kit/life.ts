/** @module Records a life made of parts as a trace, as a sampler of a real host would see it. */
import { KIB, MIB } from '../../../src/base/units.ts'
import type { Trace } from '../../../src/core/leak/records.ts'
import type { LabelledTrace } from '../labelled.ts'
import { meanReverting, type Part } from './parts.ts'
import { logUniform, pick, type Rng, whole } from './rng.ts'
import type { Setting } from './setting.ts'

const PAGE = 4 * KIB

export interface Life {
  readonly setting: Setting
  /** What is harmless, above the base. */
  readonly healthy: Part
  /** What is never given back, from its onset on; absent: nothing leaks. */
  readonly leak?: { readonly onsetSec: number; readonly part: Part }
  /** Share of the level that is shared memory. */
  readonly shmemShare?: number
  /** Part that is shared memory, not counted in `healthy` or `leak`. */
  readonly shmem?: Part
  /** Pages of mapped files. */
  readonly file?: Part
  /** Anonymous memory above this is in swap. */
  readonly residentMaxBytes?: number
  /** Share of cells that were not readable. */
  readonly missing?: number
  readonly threads?: Part
  readonly startsSec?: readonly number[]
  /** Noise of the level as a share of the base; drawn when absent. */
  readonly noise?: number
}

/** How an allocator takes memory from the kernel: by page, by arena, by transparent huge page. */
const GRAINS = [PAGE, PAGE, PAGE, 132 * KIB, MIB, 2 * MIB] as const

/** Small work of any process: some pages come and go. */
function jitter(rng: Rng, setting: Setting, noise: number | undefined): Part {
  const share = noise ?? logUniform(rng, 1e-5, 4e-3)
  const deviation = Math.min(share * setting.baseBytes, 0.01 * setting.headroomBytes)
  return meanReverting(rng, deviation, setting.sampleSec * logUniform(rng, 0.5, 20))
}

function emptyTrace(rows: number): Trace {
  const column = () => new Float64Array(rows)
  return {
    tSec: column(),
    rssAnonBytes: column(),
    rssFileBytes: column(),
    rssShmemBytes: column(),
    swapBytes: column(),
    vszBytes: column(),
    threads: column(),
    fds: column(),
  }
}

function toPages(value: number): number {
  return Math.max(0, Math.round(value / PAGE)) * PAGE
}

/** Loses cells at random: sometimes one, sometimes a whole row, as when /proc cannot be read. */
function loseCells(rng: Rng, trace: Trace, share: number): void {
  const columns = [
    trace.rssAnonBytes,
    trace.rssFileBytes,
    trace.rssShmemBytes,
    trace.swapBytes,
    trace.threads,
    trace.fds,
  ]
  for (let i = 1; i < trace.tSec.length; i++) {
    if (rng() >= share) continue
    const lost = rng() < 0.5 ? columns : [pick(rng, columns)]
    for (const column of lost) column[i] = NaN
  }
}

interface Recorded {
  readonly trace: Trace
  /** What has leaked, at each row. */
  readonly leakedBytes: Float64Array
}

/** Fills the columns of a trace from the parts of a life. */
function record(life: Life): Recorded {
  const { setting, healthy, leak } = life
  const { rng, tSec, baseBytes } = setting
  const noise = jitter(rng, setting, life.noise)
  // An arena is never a large part of what is free.
  const grain = Math.min(pick(rng, GRAINS), Math.max(PAGE, setting.headroomBytes / 256))
  const fileBytes = logUniform(rng, 2 * MIB, 60 * MIB)
  const residentMax = life.residentMaxBytes ?? Infinity
  const threads = whole(rng, 1, 40)
  const fds = whole(rng, 4, 200)
  const trace = emptyTrace(tSec.length)
  const leakedBytes = new Float64Array(tSec.length)
  for (let i = 0; i < tSec.length; i++) {
    const t = tSec[i] as number
    const leaked = leak?.part(t) ?? 0
    leakedBytes[i] = leaked
    const wanted = baseBytes + healthy(t) + leaked
    const level = Math.max(PAGE, Math.ceil(wanted / grain) * grain + noise(t))
    const shared = (life.shmemShare ?? 0) * level
    const shmem = shared + (life.shmem?.(t) ?? 0)
    const anon = level - shared
    const file = fileBytes + (life.file?.(t) ?? 0)
    trace.tSec[i] = t
    trace.rssAnonBytes[i] = toPages(Math.min(anon, residentMax))
    trace.rssShmemBytes[i] = toPages(shmem)
    trace.swapBytes[i] = toPages(Math.max(0, anon - residentMax))
    trace.rssFileBytes[i] = toPages(file)
    trace.vszBytes[i] = Math.ceil((anon + shmem + file) / (64 * MIB)) * 64 * MIB + 256 * MIB
    trace.threads[i] = Math.round(threads + (life.threads?.(t) ?? 0))
    trace.fds[i] = fds
  }
  if (life.missing !== undefined) loseCells(rng, trace, life.missing)
  return { trace, leakedBytes }
}

/** Mean rate from the onset to the end, of the leaking part alone. */
function meanRate({ trace, leakedBytes }: Recorded, onsetSec: number): number {
  const from = Math.max(
    0,
    trace.tSec.findIndex((t) => t >= onsetSec),
  )
  const to = trace.tSec.length - 1
  const grown = (leakedBytes[to] as number) - (leakedBytes[from] as number)
  return grown / ((trace.tSec[to] as number) - (trace.tSec[from] as number))
}

/**
 * A labelled trace.
 * @param rateBytesPerSec of the leak, where what is lost at a restart hides it
 */
export function labelLife(
  family: string,
  seed: number,
  life: Life,
  rateBytesPerSec?: number,
): LabelledTrace {
  const { setting, leak } = life
  const recorded = record(life)
  const spec = {
    file: `${family}-${seed}.csv.gz`,
    headroomBytes: Math.round(setting.headroomBytes),
    sampleSec: setting.sampleSec,
    startsSec: life.startsSec ?? null,
  }
  const truth =
    leak === undefined
      ? { leaking: false, onsetSec: null, rateBytesPerSec: null }
      : {
          leaking: true,
          onsetSec: leak.onsetSec,
          rateBytesPerSec: rateBytesPerSec ?? meanRate(recorded, leak.onsetSec),
        }
  return { family, spec, trace: recorded.trace, truth }
}
