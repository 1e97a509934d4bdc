/** @module Lives that leak until something gives. */
import { DAY_SEC, HOUR_SEC, MIB } from '../../../src/base/units.ts'
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
  noise,
  ramp,
  sawtooth,
  steps,
  swing,
  wander,
} from './kit.ts'
import type { Life } from './life.ts'
import { liveThrough } from './life.ts'

type Draw = (frame: Frame) => Partial<Life> & Required<Pick<Life, 'leak'>>

function family(
  name: string,
  imitates: string,
  draw: Draw,
  chooseSpan: (dice: Dice) => Span = anySpan,
): TraceFamily {
  return {
    name,
    leaking: true,
    imitates,
    make(seed) {
      const dice = createDice(seed * 6007 + name.length * 130_363 + name.charCodeAt(5))
      const frame = createFrame(dice, chooseSpan(dice))
      const baseBytes = dice.magnitude(5 * MIB, 0.5 * frame.headroomBytes)
      const parts = (): readonly Part[] => [quiet(frame)]
      return liveThrough({ family: name, frame, baseBytes, parts, ...draw(frame) })
    },
  }
}

const days = (): Span => 'days'
const minutes = (): Span => 'minutes'

function quiet({ dice, headroomBytes }: Frame): Part {
  return noise(dice, headroomBytes * dice.pick([0, 0.0002, 0.001, 0.004]))
}

/** What a leak has taken by the end of the recording. */
function taken({ dice, headroomBytes, durationSec }: Frame, left = 1): number {
  const least = durationSec > 4 * DAY_SEC ? 0.25 : 0.35
  return headroomBytes * left * dice.between(least, 1)
}

function straight(f: Frame, onsetSec: number, amount: number): NonNullable<Life['leak']> {
  return { onsetSec, part: ramp(onsetSec, f.durationSec, amount) }
}

export const LEAKS: readonly TraceFamily[] = [
  family('leak-linear', 'a list that every request is appended to', (f) => ({
    leak: straight(f, 0, taken(f)),
  })),
  family(
    'leak-slow',
    'a few bytes a request, for two weeks',
    (f) => {
      const perHour = f.headroomBytes * f.dice.magnitude(0.0005, 0.003)
      const amount = Math.min(f.headroomBytes, (perHour * f.durationSec) / HOUR_SEC)
      const frame = { ...f, durationSec: f.dice.between(10, 14) * DAY_SEC }
      return {
        frame,
        leak: straight(frame, 0, (amount * frame.durationSec) / f.durationSec),
        parts: () => [noise(f.dice, f.headroomBytes * 0.001)],
      }
    },
    days,
  ),
  family('leak-sawtooth', 'a growing map behind a collector', (f) => {
    const period = f.durationSec * f.dice.magnitude(0.003, 0.06)
    const saw = f.headroomBytes * f.dice.between(0.05, 0.3)
    const amount = taken(f, 0.9) - saw
    return {
      leak: straight(f, 0, Math.max(amount, 0.25 * f.headroomBytes)),
      parts: () => [sawtooth(f.dice, saw, period), quiet(f)],
    }
  }),
  family('leak-generations', 'a growing map whose dead young die late', (f) => {
    const slow = f.durationSec * f.dice.magnitude(0.03, 0.12)
    const saw = f.headroomBytes * f.dice.between(0.1, 0.3)
    return {
      leak: straight(f, 0, taken(f, 0.8)),
      parts: () => [
        sawtooth(f.dice, saw, slow),
        sawtooth(f.dice, saw * 0.3, slow * f.dice.magnitude(0.02, 0.1)),
        quiet(f),
      ],
    }
  }),
  family(
    'leak-daily',
    'a leak below the swing of the day',
    (f) => {
      const amount = f.headroomBytes * f.dice.between(0.05, 0.3)
      return {
        leak: straight(f, 0, taken(f, 0.8)),
        parts: () => [swing(amount, DAY_SEC, f.dice.next()), quiet(f)],
      }
    },
    days,
  ),
  family(
    'leak-by-load',
    'a leak for each request, most by day',
    (f) => {
      const load = dailyLoad(f.dice.next(), f.dice.between(0.3, 1))
      const amount = taken(f)
      return {
        leak: { onsetSec: 0, part: accumulate(load, f.durationSec, amount, 600) },
      }
    },
    days,
  ),
  family('leak-after-warm-up', 'a warm-up that goes over into a leak', (f) => {
    const tau = f.durationSec * f.dice.magnitude(0.005, 0.08)
    const warm = f.headroomBytes * f.dice.between(0.05, 0.3)
    return {
      leak: straight(f, 0, taken(f, 0.7)),
      parts: () => [bend(0, tau, warm), quiet(f)],
    }
  }),
  family(
    'leak-after-start',
    'a runtime that takes much at its start and leaks from then on',
    (f) => {
      const up = f.durationSec * f.dice.between(0.02, 0.08)
      const amount = f.headroomBytes * f.dice.between(0.1, 0.4)
      const saw = f.headroomBytes * f.dice.between(0.01, 0.06)
      return {
        leak: straight(f, 0, f.headroomBytes * f.dice.between(0.25, 0.6)),
        parts: () => [
          ramp(0, up, amount),
          sawtooth(f.dice, saw, f.durationSec * f.dice.magnitude(0.005, 0.05)),
          quiet(f),
        ],
      }
    },
  ),
  family('leak-steps', 'a leak for each job of a timer', (f) => {
    const count = Math.floor(f.dice.magnitude(9, 80))
    const period = f.durationSec / count
    const amount = taken(f)
    const times = Array.from({ length: count }, (_, i) => (i + f.dice.between(0.3, 0.7)) * period)
    const weights = times.map(() => f.dice.between(0.6, 1.4))
    const sum = weights.reduce((a, b) => a + b, 0)
    const part = steps(
      times,
      amount,
      weights.map((w) => w / sum),
    )
    return { leak: { onsetSec: 0, part } }
  }),
  family('leak-lumps', 'requests of very different sizes that are never freed', (f) => {
    const count = Math.floor(f.dice.magnitude(25, 300))
    const times = Array.from({ length: count }, () => f.durationSec * f.dice.next())
    const weights = times.map(() => Math.exp(f.dice.normal()))
    const sum = weights.reduce((a, b) => a + b, 0)
    const sizes = weights.map((w) => w / sum)
    return { leak: { onsetSec: 0, part: steps(times, taken(f), sizes) } }
  }),
  family('leak-accelerating', 'retries that breed retries', (f) => {
    const power = f.dice.between(1.3, 2.5)
    const amount = f.headroomBytes * f.dice.between(0.6, 1)
    return {
      leak: { onsetSec: 0, part: (t) => amount * (Math.max(0, t) / f.durationSec) ** power },
    }
  }),
  family('leak-late', 'a leak that a new feature brings, half-way', (f) => ({
    leak: straight(f, f.durationSec * f.dice.between(0.2, 0.7), taken(f)),
  })),
  family('leak-late-sawtooth', 'the same behind a collector', (f) => {
    const period = f.durationSec * f.dice.magnitude(0.003, 0.03)
    const saw = f.headroomBytes * f.dice.between(0.05, 0.25)
    return {
      leak: straight(f, f.durationSec * f.dice.between(0.2, 0.5), taken(f, 0.75)),
      parts: () => [sawtooth(f.dice, saw, period), quiet(f)],
    }
  }),
  family('leak-over-load', 'a leak below a load that comes and goes', (f) => {
    const amount = f.headroomBytes * f.dice.between(0.05, 0.25)
    const period = f.durationSec * f.dice.magnitude(0.02, 0.12)
    return {
      leak: straight(f, 0, taken(f, 0.8)),
      parts: () => [
        swing(amount, period, f.dice.next()),
        wander(f.dice, amount * 0.05, period / 20),
      ],
    }
  }),
  family('leak-noisy', 'a leak in a pool that wanders', (f) => {
    const spread = f.headroomBytes * f.dice.between(0.005, 0.03)
    const tau = f.durationSec * f.dice.magnitude(0.001, 0.02)
    return {
      baseBytes: f.headroomBytes * 0.15,
      leak: straight(f, 0, taken(f)),
      parts: () => [wander(f.dice, spread, tau)],
    }
  }),
  family('leak-bursts', 'a leak below jobs that come and go', (f) => {
    const every = f.durationSec * f.dice.magnitude(0.01, 0.08)
    const amount = f.headroomBytes * f.dice.between(0.1, 0.3)
    return {
      leak: straight(f, 0, taken(f, 0.75)),
      parts: () => [bursts(f.dice, amount, every, every * f.dice.between(0.1, 0.8)), quiet(f)],
    }
  }),
  family('leak-restarts', 'a leak that the out-of-memory kill or a deploy cuts short', (f) => {
    const life = f.durationSec / f.dice.between(1.4, 4.6)
    const startsSec: number[] = []
    for (let t = life; t < f.durationSec; t += life * f.dice.between(0.6, 1.05)) startsSec.push(t)
    const perSec = (f.headroomBytes * f.dice.between(0.4, 0.95)) / life
    const lastStart = startsSec.at(-1) ?? 0
    const endsYoung = f.durationSec - lastStart < 0.4 * life
    const starts = endsYoung ? startsSec.slice(0, -1) : startsSec
    const began = [0, ...starts]
    const part: Part = (t) => perSec * (t - (began.findLast((start) => start <= t) ?? 0))
    return {
      baseBytes: f.headroomBytes * 0.03,
      startsSec: starts,
      tellStarts: f.dice.chance(0.5),
      frame: endsYoung ? { ...f, durationSec: lastStart - 1 } : f,
      leak: { onsetSec: 0, part, rateBytesPerSec: perSec },
    }
  }),
  family('leak-swap', 'a leak of which the cold part goes to swap', (f) => {
    const amount = taken(f)
    const from = f.durationSec * f.dice.between(0.05, 0.3)
    return {
      leak: straight(f, 0, amount),
      swapped: ramp(from, f.durationSec, amount * f.dice.between(0.6, 0.95)),
    }
  }),
  family('leak-shmem', 'segments that nobody removes', (f) => ({
    shmemShare: 0.9,
    leak: straight(f, 0, taken(f)),
  })),
  family('leak-huge-pages', 'a leak that the kernel rounds up to huge pages', (f) => {
    const frame = { ...f, headroomBytes: f.dice.magnitude(64 * MIB, 512 * MIB) }
    return {
      frame,
      baseBytes: 20 * MIB,
      quantumBytes: 2 * MIB,
      leak: straight(frame, 0, taken(frame)),
      parts: () => [],
    }
  }),
  family(
    'leak-fast',
    'a loop that allocates without end',
    (f) => {
      const fill = f.dice.magnitude(30, 120)
      const onset = f.dice.between(0, 60)
      const frame = { ...f, durationSec: onset + fill * f.dice.between(0.5, 0.95) }
      const amount = (f.headroomBytes * (frame.durationSec - onset)) / fill
      return { frame, leak: straight(frame, onset, amount) }
    },
    minutes,
  ),
  family('leak-trimmed', 'a leak of which a collection gives a part back now and then', (f) => {
    const period = f.durationSec * f.dice.magnitude(0.05, 0.15)
    const amount = taken(f, 0.85)
    const part: Part = (t) => amount * (t / f.durationSec)
    return {
      leak: { onsetSec: 0, part },
      parts: () => [sawtooth(f.dice, f.headroomBytes * f.dice.between(0.02, 0.1), period, 0.4)],
    }
  }),
]
