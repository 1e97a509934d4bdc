/** @module What each program in programs/ does and what is true of it. Data, no more. */
import { GIB, MIB } from '../../src/base/units.ts'

/** What is true of a program, so that a verdict on it can be told right from wrong. */
export interface Truth {
  /** Whether it is a harmful leak: it grows without bound for as long as it lives. */
  readonly leaking: boolean
  /** What grows: a kind of memory, or what is counted; `null` where nothing does. */
  readonly kind: 'anon' | 'file' | 'shmem' | 'threads' | 'fds' | null
  /** Bytes of memory a second once it leaks; 0 where no memory leaks. */
  readonly rateBytesPerSec: number
  /** Seconds from its first word until the leak begins; `null` where there is none. */
  readonly onsetSec: number | null
}

export interface LeakProgram {
  readonly name: string
  readonly language: 'c' | 'node' | 'python' | 'java'
  /** File in programs/. */
  readonly source: string
  /** Whose memory it is: of the one process, or of a service whose processes come and go. */
  readonly subject: 'process' | 'service'
  /** What it may take at most, and so the limit that it is judged by. */
  readonly boundBytes: number
  readonly truth: Truth
  /** One sentence: what real trouble, or what harmless habit, it imitates. */
  readonly imitates: string
}

const HARMLESS = { leaking: false, kind: null, rateBytesPerSec: 0, onsetSec: null } as const

function leak(kind: Truth['kind'], rateBytesPerSec: number, onsetSec = 0): Truth {
  return { leaking: true, kind, rateBytesPerSec, onsetSec }
}

const COMMON = { subject: 'process', boundBytes: GIB } as const

export const CATALOGUE: readonly LeakProgram[] = [
  {
    ...COMMON,
    name: 'leak-steady',
    language: 'c',
    source: 'leak-steady.c',
    truth: leak('anon', 9 * MIB),
    imitates: 'A server that forgets the context of every request; 1 GiB lasts two minutes.',
  },
  {
    ...COMMON,
    name: 'cache-fill',
    language: 'c',
    source: 'cache-fill.c',
    truth: HARMLESS,
    imitates: 'A server whose cache fills to 180 MiB within 20 s and stays there under load.',
  },
]

/** The program of that name, or `undefined`. */
export function findProgram(name: string): LeakProgram | undefined {
  return CATALOGUE.find((program) => program.name === name)
}

/**
 * The truth at another pace: what takes time takes less of it.
 * @param pace how many times as fast the program's own time runs, above 0
 */
export function truthAtPace(truth: Truth, pace: number): Truth {
  return {
    ...truth,
    rateBytesPerSec: truth.rateBytesPerSec * pace,
    onsetSec: truth.onsetSec === null ? null : truth.onsetSec / pace,
  }
}
