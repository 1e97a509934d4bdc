import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseAllocLine } from './allocinfo.ts'
import { parseAuxv } from './auxv.ts'
import { parseCgroupFile } from './cgroup-file.ts'
import { parseHeldV1, parseHeldV2, parseLimit } from './cgroup-memory.ts'
import { parseLimits } from './limits.ts'
import { emptyMeminfo, parseMeminfo } from './meminfo.ts'
import { parseMountLine } from './mountinfo.ts'
import { parsePsi } from './psi.ts'
import { emptySlabLine, parseSlabLine } from './slabinfo.ts'
import { parseSocketPages } from './sockstat.ts'
import { emptyStat, parseStat } from './stat.ts'
import { emptyStatm, parseStatm } from './statm.ts'
import { decodeStatusName, emptyStatus, parseStatus } from './status.ts'
import { parseShmLine } from './sysvipc-shm.ts'
import { parseBpfBytes } from './vmallocinfo.ts'
import { parsePagesetCount } from './zoneinfo.ts'

/** Each parser, with its answer as plain data. */
const PARSERS: Readonly<Record<string, (bytes: Uint8Array, length: number) => unknown>> = {
  auxv: (bytes, length) => parseAuxv(bytes, length, 6),
  allocinfo: (bytes, length) => parseAllocLine(bytes, 0, length, 0),
  cgroup: parseCgroupFile,
  'memory.stat v1': parseHeldV1,
  'memory.stat v2': parseHeldV2,
  limit: parseLimit,
  limits: parseLimits,
  meminfo: (bytes, length) => {
    const info = emptyMeminfo()
    parseMeminfo(bytes, length, info)
    return info
  },
  mountinfo: (bytes, length) => parseMountLine(bytes, 0, length),
  psi: parsePsi,
  slabinfo: (bytes, length) => {
    const line = emptySlabLine()
    return parseSlabLine(bytes, 0, length, line) ? line : undefined
  },
  sockstat: parseSocketPages,
  stat: (bytes, length) => {
    const stat = emptyStat()
    return parseStat(bytes, length, stat) ? stat : undefined
  },
  statm: (bytes, length) => {
    const statm = emptyStatm()
    return parseStatm(bytes, length, statm) ? statm : undefined
  },
  status: (bytes, length) => {
    const status = emptyStatus()
    parseStatus(bytes, length, status)
    return { ...status, name: decodeStatusName(bytes, status) }
  },
  'sysvipc/shm': (bytes, length) => parseShmLine(bytes, 0, length),
  zoneinfo: (bytes, length) => parsePagesetCount(bytes, 0, length),
  vmallocinfo: (bytes, length) => parseBpfBytes(bytes, 0, length, 4096),
}

/** Bytes of any value, and of those that the kernel's files are made of. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        ...['some ', 'full ', 'avg10=', '0.00', 'Name:\t', 'RssAnon:', ' kB\n', '(', ')', ' - '],
        ...['0:27 ', '/dev/shm ', 'tmpfs ', 'total_rss ', 'anon ', 'kernel ', 'max', '0::', 'TCP:'],
        ...[
          'mem ',
          'Max address space         ',
          'unlimited',
          'MemTotal:',
          '\n',
          ' ',
          ':',
          '7',
          '-',
        ],
        ...[
          '18446744073709551615',
          'pages=',
          'bpf_',
          '+0x',
          'func:',
          'S 1 1 1 0 -1 0 1 1 1 1 1 1 ',
        ],
      ),
      { maxLength: 40 },
    )
    .map((words) => new TextEncoder().encode(words.join(''))),
)

for (const [name, parse] of Object.entries(PARSERS)) {
  test(`${name}: any bytes are read without a throw, and nothing behind their end counts`, () => {
    fc.assert(
      fc.property(anyBytes, fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes, behind) => {
        const longer = new Uint8Array([...bytes, ...behind])
        assert.deepEqual(parse(longer, bytes.length), parse(bytes, bytes.length))
      }),
      { numRuns: 300 },
    )
  })
}
