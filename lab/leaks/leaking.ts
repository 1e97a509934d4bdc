/** @module The programs that leak. Data, no more; rates were measured (bench/leaks.ts). */
import { GIB, MIB } from '../../src/base/units.ts'
import type { LeakProgram, Truth } from './program.ts'

function leak(kind: Truth['kind'], mibPerSec: number, onsetSec = 0): Truth {
  return { leaking: true, kind, rateBytesPerSec: mibPerSec * MIB, onsetSec }
}

const COMMON = { subject: 'process', boundBytes: GIB } as const
const C = { ...COMMON, language: 'c' } as const
const NODE = { ...COMMON, language: 'node' } as const
const PYTHON = { ...COMMON, language: 'python' } as const
const JAVA = { ...COMMON, language: 'java' } as const

export const LEAKING: readonly LeakProgram[] = [
  {
    ...C,
    name: 'leak-steady',
    source: 'leak-steady.c',
    truth: leak('anon', 9),
    imitates: 'A server that forgets the context of every request; 1 GiB lasts two minutes.',
  },
  {
    ...C,
    name: 'leak-steps',
    source: 'leak-steps.c',
    truth: leak('anon', 6),
    imitates: 'An importer that keeps every batch: 24 chunks of 1 MiB every 4 s.',
  },
  {
    ...C,
    name: 'leak-late',
    source: 'leak-late.c',
    truth: leak('anon', 10, 40),
    imitates: 'A server that is flat under churn until a feature is switched on after 40 s.',
  },
  {
    ...C,
    name: 'leak-after-warm-up',
    source: 'leak-after-warm-up.c',
    truth: leak('anon', 8, 20),
    imitates: 'A server that warms up to 120 MiB, levels off, and then leaks.',
  },
  {
    ...C,
    name: 'leak-under-load',
    source: 'leak-under-load.c',
    truth: leak('anon', 7),
    imitates: 'A server whose buffers swing with the load by 150 MiB, above a leak.',
  },
  {
    ...C,
    name: 'leak-slow',
    source: 'leak-slow.c',
    boundBytes: 256 * MIB,
    truth: leak('anon', 1.5),
    imitates: 'A small agent that maps a few more pages for each event.',
  },
  {
    ...C,
    name: 'leak-small-blocks',
    source: 'leak-small-blocks.c',
    boundBytes: 512 * MIB,
    truth: leak('anon', 4),
    imitates: 'A parser that churns small blocks and loses every fourth of them.',
  },
  {
    ...C,
    name: 'leak-threads',
    source: 'leak-threads.c',
    boundBytes: 512 * MIB,
    truth: leak('threads', 4),
    imitates: 'A server that starts a thread for each session and never ends it.',
  },
  {
    ...C,
    name: 'leak-fds',
    source: 'leak-fds.c',
    truth: leak('fds', 0),
    imitates: 'A server that forgets to close connections on an error path: 20 a second.',
  },
  {
    ...C,
    name: 'leak-shared',
    source: 'leak-shared.c',
    args: ['anonymous'],
    truth: leak('shmem', 8),
    imitates: 'A compositor that keeps each frame in an anonymous shared mapping.',
  },
  {
    ...C,
    name: 'leak-memfd',
    source: 'leak-shared.c',
    args: ['memfd'],
    truth: leak('shmem', 8),
    imitates: 'The same in a memfd that only grows.',
  },
  {
    ...C,
    name: 'leak-sysv',
    source: 'leak-shared.c',
    args: ['sysv'],
    truth: leak('shmem', 8),
    imitates: 'The same in SysV segments, each removed with its last user.',
  },
  {
    ...C,
    name: 'leak-tmpfs',
    source: 'leak-tmpfs.c',
    subject: 'tmpfs',
    boundBytes: 512 * MIB,
    truth: leak('shmem', 8),
    imitates: 'A server that appends to a file in /dev/shm, which no process shows.',
  },
  {
    ...C,
    name: 'leak-page-tables',
    source: 'leak-page-tables.c',
    boundBytes: 256 * MIB,
    sparseness: 512,
    truth: leak('anon', 2),
    imitates: 'A sparse index: each page touched costs a page of page tables, which no RSS shows.',
  },
  {
    ...C,
    name: 'leak-worker',
    source: 'leak-worker.c',
    subject: 'service',
    truth: leak('anon', 9),
    imitates: 'A service whose worker leaks and is replaced twice before it is left alone.',
  },
  {
    ...COMMON,
    name: 'cpp-leak-objects',
    language: 'c++',
    source: 'leak-objects.cpp',
    truth: leak('anon', 8),
    imitates: 'A simulation that never removes dead objects from its vector.',
  },
  {
    ...NODE,
    name: 'node-leak-map',
    source: 'leak-map.ts',
    truth: leak('anon', 6.7),
    imitates: 'Sessions that are put into a Map and never taken out.',
  },
  {
    ...NODE,
    name: 'node-leak-listeners',
    source: 'leak-listeners.ts',
    truth: leak('anon', 5.8),
    imitates: 'A listener for each request, whose closure keeps the request.',
  },
  {
    ...NODE,
    name: 'node-leak-buffers',
    source: 'leak-buffers.ts',
    truth: leak('anon', 8),
    imitates: 'Buffers outside the heap that V8 limits.',
  },
  {
    ...NODE,
    name: 'node-leak-behind-gc',
    source: 'leak-behind-gc.ts',
    truth: leak('anon', 5),
    imitates:
      "Pages of reports that are kept, behind the collector's sawtooth of those that are dropped.",
  },
  {
    ...PYTHON,
    name: 'python-leak-list',
    source: 'leak_list.py',
    truth: leak('anon', 6),
    imitates: 'A collector that appends each sample to a list.',
  },
  {
    ...PYTHON,
    name: 'python-leak-cycles',
    source: 'leak_cycles.py',
    truth: leak('anon', 5.2),
    imitates: 'Objects in cycles that their __del__ puts into a registry, in jumps.',
  },
  {
    ...PYTHON,
    name: 'python-leak-extension',
    source: 'leak_extension.py',
    truth: leak('anon', 8),
    imitates: 'An extension module that calls malloc, which no Python tool sees.',
  },
  {
    ...JAVA,
    name: 'java-leak-map',
    source: 'LeakMap.java',
    truth: leak('anon', 8),
    imitates: 'Sessions that are put into a HashMap and never taken out.',
  },
  {
    ...JAVA,
    name: 'java-leak-behind-gc',
    source: 'LeakBehindGc.java',
    truth: leak('anon', 6.6),
    imitates: "A static list that grows behind the collector's sawtooth.",
  },
  {
    ...JAVA,
    name: 'java-leak-direct',
    source: 'LeakDirect.java',
    truth: leak('anon', 8),
    imitates: "Direct ByteBuffers outside the JVM's heap.",
  },
]
