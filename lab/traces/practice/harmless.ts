/** @module Lives that grow, swing or saw, and do no harm. */
import { DAY_SEC, MIB } from '../../../src/base/units.ts'
import type { TraceFamily } from '../labelled.ts'
import type { Dice, Frame, Part, Span } from './kit.ts'
import {
  accumulate,
  anySpan,
  bend,
  bursts,
  createDice,
  createFrame,
  dailyLoad,
  highWater,
  logarithm,
  noise,
  ramp,
  sawtooth,
  steps,
  swing,
  wander,
} from './kit.ts'
import type { Life } from './life.ts'
import { liveThrough } from './life.ts'

type Draw = (frame: Frame) => Partial<Life> & Pick<Life, 'parts'>

function family(
  name: string,
  imitates: string,
  draw: Draw,
  chooseSpan: (dice: Dice) => Span = anySpan,
): TraceFamily {
  return {
    name,
    leaking: false,
    imitates,
    make(seed) {
      const dice = createDice(seed * 7919 + name.length * 104_729 + name.charCodeAt(0))
      const frame = createFrame(dice, chooseSpan(dice))
      const baseBytes = dice.magnitude(5 * MIB, 0.5 * frame.headroomBytes)
      return liveThrough({ family: name, frame, baseBytes, ...draw(frame) })
    },
  }
}

const days = (): Span => 'days'
const minutes = (): Span => 'minutes'

function quiet({ dice, headroomBytes }: Frame): Part {
  return noise(dice, headroomBytes * dice.pick([0, 0.0002, 0.001, 0.004]))
}

/** A fill that is over within the trace. */
function fillEnd({ dice, durationSec }: Frame): number {
  return durationSec * dice.magnitude(0.03, 0.75)
}

export const HARMLESS: readonly TraceFamily[] = [
  family('flat', 'an idle server', (f) => ({ parts: () => [quiet(f)] })),
  family('flat-noisy', 'a server under steady load', (f) => {
    const spread = f.headroomBytes * f.dice.magnitude(0.003, 0.05)
    const tau = f.durationSec * f.dice.magnitude(0.001, 0.05)
    return { baseBytes: f.headroomBytes * 0.3, parts: () => [wander(f.dice, spread, tau)] }
  }),
  family('warm-up', 'a runtime that fills its pools', (f) => {
    const tau = f.durationSec * f.dice.magnitude(0.01, 0.22)
    const amount = f.headroomBytes * f.dice.between(0.03, 0.6)
    return { parts: () => [bend(0, tau, amount), quiet(f)] }
  }),
  family('cache-linear', 'a cache that a scan fills to its bound', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.03, 0.5)
    const end = fillEnd(f)
    return { parts: () => [ramp(0, end, amount), quiet(f)] }
  }),
  family('cache-linear-late', 'a cache that is filled after a quiet time', (f) => {
    const from = f.durationSec * f.dice.between(0.05, 0.4)
    const to = from + f.durationSec * f.dice.magnitude(0.03, 0.4)
    const amount = f.headroomBytes * f.dice.between(0.03, 0.4)
    return { parts: () => [ramp(from, to, amount), quiet(f)] }
  }),
  family('cache-random', 'a cache of random keys, whose hit ratio grows', (f) => {
    const tau = f.durationSec * f.dice.magnitude(0.05, 0.25)
    const amount = f.headroomBytes * f.dice.between(0.05, 0.6)
    return { parts: () => [bend(0, tau, amount), quiet(f)] }
  }),
  family('cache-logarithm', 'a cache of words: new ones become rare', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.05, 0.6)
    const tau = f.durationSec * f.dice.magnitude(0.001, 0.03)
    return { parts: () => [logarithm(f.durationSec, tau, amount), quiet(f)] }
  }),
  family('cache-unfinished', 'a recording that ends while a cache still bends', (f) => {
    const tau = f.durationSec * f.dice.between(0.3, 0.6)
    const amount = f.headroomBytes * f.dice.between(0.05, 0.6)
    return { parts: () => [bend(0, tau, amount), quiet(f)] }
  }),
  family('cache-small-unfinished', 'a recording that ends early in a small linear fill', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.02, 0.12)
    return { parts: () => [ramp(0, f.durationSec * f.dice.between(0.9, 1.1), amount), quiet(f)] }
  }),
  family('sawtooth', 'a collector over a constant heap', (f) => {
    const period = f.durationSec * f.dice.magnitude(0.002, 0.2)
    const amount = f.headroomBytes * f.dice.between(0.03, 0.6)
    return { parts: () => [sawtooth(f.dice, amount, period, f.dice.between(0, 0.4)), quiet(f)] }
  }),
  family('sawtooth-old', 'a heap whose old generation climbs until a full collection', (f) => {
    const slow = f.durationSec * f.dice.magnitude(0.06, 0.35)
    const amount = f.headroomBytes * f.dice.between(0.08, 0.5)
    const young = slow * f.dice.magnitude(0.01, 0.1)
    return {
      parts: () => [
        sawtooth(f.dice, amount, slow),
        sawtooth(f.dice, amount * f.dice.between(0.1, 0.6), young),
        quiet(f),
      ],
    }
  }),
  family('sawtooth-warm-up', 'a collector while classes and caches load', (f) => {
    const tau = f.durationSec * f.dice.magnitude(0.01, 0.2)
    const period = f.durationSec * f.dice.magnitude(0.003, 0.05)
    const amount = f.headroomBytes * f.dice.between(0.05, 0.4)
    const saw = amount * f.dice.between(0.2, 1)
    return { parts: () => [bend(0, tau, amount), sawtooth(f.dice, saw, period), quiet(f)] }
  }),
  family(
    'heap-to-max',
    'a JVM whose collector lets the heap grow to -Xmx, then saws below',
    (f) => {
      const ceiling = f.headroomBytes * f.dice.between(0.1, 0.6)
      const to = f.durationSec * f.dice.magnitude(0.02, 0.5)
      const period = f.durationSec * f.dice.magnitude(0.005, 0.05)
      const live = f.dice.between(0.2, 0.8)
      return {
        parts: () => [
          ramp(0, to, ceiling * live),
          sawtooth(f.dice, ceiling * (1 - live), period),
          quiet(f),
        ],
      }
    },
  ),
  family(
    'heap-doubling',
    'a growing vector or a V8 heap in doubling steps, up to its need',
    (f) => {
      const count = Math.floor(f.dice.between(3, 8))
      const first = f.durationSec * f.dice.magnitude(0.002, 0.02)
      const times = Array.from({ length: count }, (_, i) => first * 2 ** i).filter(
        (t) => t < 0.8 * f.durationSec,
      )
      const sizes = times.map((_, i) => 2 ** (i - times.length))
      const amount = f.headroomBytes * f.dice.between(0.05, 0.5)
      return { parts: () => [steps(times, amount, sizes), quiet(f)] }
    },
  ),
  family(
    'daily',
    'a service with days and nights',
    (f) => {
      const amount = f.headroomBytes * f.dice.between(0.05, 0.6)
      const shape = dailyLoad(f.dice.next(), f.dice.between(0.2, 1))
      return { parts: () => [(t) => amount * shape(t), quiet(f)] }
    },
    days,
  ),
  family(
    'weekly',
    'a service of working days that is idle at the weekend',
    (f) => {
      const amount = f.headroomBytes * f.dice.between(0.05, 0.4)
      return {
        parts: () => [
          swing(amount, 7 * DAY_SEC, f.dice.next()),
          swing(amount * f.dice.between(0.1, 0.6), DAY_SEC, f.dice.next()),
          quiet(f),
        ],
      }
    },
    days,
  ),
  family('load', 'buffers that follow a load which comes and goes', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.05, 0.5)
    const period = f.durationSec * f.dice.magnitude(0.05, 0.6)
    return {
      parts: () => [
        swing(amount, period, f.dice.next()),
        wander(f.dice, amount * 0.05, period / 20),
      ],
    }
  }),
  family('mean-reverting', 'a pool of connections that wanders', (f) => {
    const spread = f.headroomBytes * f.dice.magnitude(0.01, 0.1)
    const tau = f.durationSec * f.dice.magnitude(0.02, 0.15)
    return { baseBytes: f.headroomBytes * 0.4, parts: () => [wander(f.dice, spread, tau)] }
  }),
  family('step-once', 'a configuration that is loaded once', (f) => {
    const at = f.durationSec * f.dice.between(0.05, 0.9)
    const amount = f.headroomBytes * f.dice.between(0.05, 0.6)
    return { parts: () => [steps([at], amount), quiet(f)] }
  }),
  family('step-few', 'reloads that each keep a little more', (f) => {
    const count = f.dice.pick([2, 3])
    const times = Array.from({ length: count }, () => f.durationSec * f.dice.between(0.05, 0.8))
    const amount = f.headroomBytes * f.dice.between(0.05, 0.4)
    return { parts: () => [steps(times, amount), quiet(f)] }
  }),
  family('ratchet', 'an allocator that keeps the largest it ever needed', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.01, 0.06)
    const tau = f.durationSec * f.dice.magnitude(0.002, 0.05)
    return { parts: () => [highWater(wander(f.dice, amount, tau), f.dice.between(0.6, 1))] }
  }),
  family('ratchet-warm', 'the same while it fills up first', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.02, 0.08)
    const tau = f.durationSec * f.dice.magnitude(0.002, 0.02)
    const warm = f.durationSec * f.dice.magnitude(0.01, 0.15)
    return {
      parts: () => [
        highWater(wander(f.dice, amount, tau), 0.8),
        bend(0, warm, f.headroomBytes * f.dice.between(0.03, 0.4)),
      ],
    }
  }),
  family('bursts', 'jobs that take much and give it back', (f) => {
    const every = f.durationSec * f.dice.magnitude(0.01, 0.2)
    const amount = f.headroomBytes * f.dice.between(0.1, 0.7)
    return {
      parts: () => [bursts(f.dice, amount, every, every * f.dice.magnitude(0.05, 1)), quiet(f)],
    }
  }),
  family('batch-ramp', 'a job that reads its input into memory, works, and frees it', (f) => {
    const period = f.durationSec * f.dice.magnitude(0.05, 0.5)
    const amount = f.headroomBytes * f.dice.between(0.05, 0.35)
    return {
      parts: () => {
        const rise = f.dice.between(0.2, 0.6)
        return [
          (t) => {
            const at = (t % period) / period
            return at < rise ? (amount * at) / rise : at < rise + 0.2 ? amount : 0
          },
          quiet(f),
        ]
      },
    }
  }),
  family('trim', 'malloc that grows by fragments and is trimmed now and then', (f) => {
    const period = f.durationSec * f.dice.magnitude(0.05, 0.3)
    const amount = f.headroomBytes * f.dice.between(0.04, 0.25)
    return { parts: () => [sawtooth(f.dice, amount, period, 0.5), quiet(f)] }
  }),
  family(
    'start-up',
    'a JVM that takes much at its start, shrinks, and moves in small steps',
    (f) => {
      const amount = f.headroomBytes * f.dice.between(0.1, 0.5)
      const up = f.durationSec * f.dice.between(0.02, 0.08)
      const down = up * f.dice.between(1.5, 3)
      const kept = f.dice.between(0.3, 0.8)
      const times = [1, 2, 3, 4].map(() => f.durationSec * f.dice.between(0.2, 1))
      return {
        parts: () => [
          ramp(0, up, amount),
          ramp(down, down * 1.3, -amount * (1 - kept)),
          steps(times, amount * f.dice.between(0.05, 0.3)),
          quiet(f),
        ],
      }
    },
  ),
  family('fragmentation', 'a heap that fragments ever more slowly', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.03, 0.25)
    const churn = wander(f.dice, amount * 0.1, f.durationSec * 0.01)
    return {
      parts: () => [
        logarithm(f.durationSec, f.durationSec * f.dice.magnitude(0.003, 0.05), amount),
        churn,
      ],
    }
  }),
  family('huge-pages', 'transparent huge pages while a heap warms up', (f) => {
    const tau = f.durationSec * f.dice.magnitude(0.01, 0.2)
    const amount = f.headroomBytes * f.dice.between(0.05, 0.4)
    return { quantumBytes: 2 * MIB, parts: () => [bend(0, tau, amount)] }
  }),
  family('file-pages', 'a database that maps files; its own memory is flat', (f) => {
    const file = ramp(0, f.durationSec, f.headroomBytes * f.dice.between(0.2, 0.9))
    return { file, parts: () => [quiet(f)] }
  }),
  family('shmem-fill', 'shared buffers that fill to their size', (f) => {
    const tau = f.durationSec * f.dice.magnitude(0.02, 0.2)
    const amount = f.headroomBytes * f.dice.between(0.1, 0.6)
    return { shmemShare: 0.8, parts: () => [bend(0, tau, amount), quiet(f)] }
  }),
  family('swap-out', 'an idle heap that goes to swap and comes back', (f) => {
    const base = f.headroomBytes * 0.4
    const from = f.durationSec * f.dice.between(0.1, 0.5)
    const swapped = ramp(from, from + f.durationSec * 0.3, base * 0.7)
    return { baseBytes: base, swapped, parts: () => [quiet(f)] }
  }),
  family('restarts', 'a service that warms up after every deploy', (f) => {
    const count = Math.floor(f.dice.between(1, 5))
    const startsSec = Array.from({ length: count }, () => f.durationSec * f.dice.between(0.05, 0.9))
    startsSec.sort((a, b) => a - b)
    const tau = f.durationSec * f.dice.magnitude(0.005, 0.05)
    const amount = f.headroomBytes * f.dice.between(0.05, 0.5)
    return {
      startsSec,
      tellStarts: f.dice.chance(0.5),
      baseBytes: f.headroomBytes * 0.02,
      parts: () => [bend(0, tau, amount), quiet(f)],
    }
  }),
  family('short-lived', 'workers that are replaced after some requests', (f) => {
    const life = f.durationSec * f.dice.magnitude(0.03, 0.2)
    const startsSec: number[] = []
    for (let t = life; t < f.durationSec; t += life * f.dice.between(0.8, 1.2)) startsSec.push(t)
    const amount = f.headroomBytes * f.dice.between(0.02, 0.15)
    return {
      startsSec,
      tellStarts: f.dice.chance(0.5),
      baseBytes: f.headroomBytes * 0.02,
      parts: () => [ramp(0, life * 0.7, amount), quiet(f)],
    }
  }),
  family(
    'cache-by-day',
    'a cache that is filled by the load of each day until it is full',
    (f) => {
      const load = dailyLoad(f.dice.next(), f.dice.between(0.2, 1))
      const full = f.durationSec * f.dice.between(0.1, 0.5)
      const fill = accumulate(load, full, f.headroomBytes * f.dice.between(0.05, 0.3), 600)
      return { parts: () => [fill, quiet(f)] }
    },
    days,
  ),
  family(
    'build',
    'a compiler that takes more for each file and ends its phase',
    (f) => {
      const amount = f.headroomBytes * f.dice.between(0.1, 0.5)
      const end = f.durationSec * f.dice.between(0.1, 0.5)
      const times = Array.from({ length: 12 }, () => end * f.dice.next())
      return {
        parts: () => [
          steps(times, amount),
          bursts(f.dice, amount * 0.2, end / 5, end / 10),
          quiet(f),
        ],
      }
    },
    minutes,
  ),
]
