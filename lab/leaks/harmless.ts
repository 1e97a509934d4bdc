/** @module The programs that only look as if they leaked. Data, no more. */
import { GIB, MIB } from '../../src/base/units.ts'
import type { LeakProgram } from './program.ts'

const COMMON = {
  subject: 'process',
  boundBytes: GIB,
  truth: { leaking: false, kind: null, rateBytesPerSec: 0, onsetSec: null },
} as const
const C = { ...COMMON, language: 'c' } as const
const NODE = { ...COMMON, language: 'node' } as const
const PYTHON = { ...COMMON, language: 'python' } as const

export const HARMLESS: readonly LeakProgram[] = [
  {
    ...C,
    name: 'cache-fill',
    source: 'cache-fill.c',
    imitates: 'A server whose cache fills to 180 MiB within 20 s and stays there under load.',
  },
  {
    ...C,
    name: 'flat-churn',
    source: 'flat-churn.c',
    imitates: 'A server with 64 MiB of sessions that come and go.',
  },
  {
    ...C,
    name: 'one-off-step',
    source: 'one-off-step.c',
    imitates: 'A server that reads a table of 300 MiB after 30 s, and keeps it.',
  },
  {
    ...C,
    name: 'load-pool',
    source: 'load-pool.c',
    imitates: 'A server whose buffers follow the load up to 400 MiB, and come back.',
  },
  {
    ...C,
    name: 'warm-up',
    source: 'warm-up.c',
    imitates: 'A server that warms up to 250 MiB, ever more slowly.',
  },
  {
    ...C,
    name: 'high-water',
    source: 'high-water.c',
    imitates: 'A heap that grows past what is live, until it has holes of every size.',
  },
  {
    ...C,
    name: 'mapped-files',
    source: 'mapped-files.c',
    imitates: 'A database that maps 400 MiB of its file: page cache, which the kernel takes back.',
  },
  {
    ...C,
    name: 'short-lived',
    source: 'short-lived.c',
    boundBytes: 64 * MIB,
    imitates: 'A command that frees nothing, 9 MiB/s, and ends after a second.',
  },
  {
    ...C,
    name: 'short-job',
    source: 'short-job.c',
    imitates: 'A compiler that frees nothing, since it ends after 20 s.',
  },
  {
    ...C,
    name: 'fork-heavy',
    source: 'fork-heavy.c',
    subject: 'service',
    imitates: 'A database of 80 MiB that forks a child for each query, and shares its pages.',
  },
  {
    ...C,
    name: 'restarted-cache',
    source: 'restarted-cache.c',
    subject: 'service',
    imitates: 'A service that fills its cache to 200 MiB after each of two restarts.',
  },
  {
    ...NODE,
    name: 'node-gc-flat',
    source: 'gc-flat.ts',
    imitates: 'Reports that are built and dropped: the collector saws over a flat floor.',
  },
  {
    ...NODE,
    name: 'node-lru',
    source: 'lru.ts',
    imitates: 'A cache of at most 150 MiB that drops its oldest entries.',
  },
  {
    ...PYTHON,
    name: 'python-cache',
    source: 'cache_dict.py',
    imitates: 'A dictionary of at most 150 MiB of answers.',
  },
  {
    ...PYTHON,
    name: 'python-gc-cycles',
    source: 'gc_cycles.py',
    imitates: 'Objects in cycles that wait for the collector.',
  },
  {
    ...COMMON,
    name: 'java-heap-plateau',
    language: 'java',
    source: 'HeapPlateau.java',
    heapBytes: 256 * MIB,
    imitates: 'A cache of soft references: the heap grows to its -Xmx of 256 MiB and holds.',
  },
]
