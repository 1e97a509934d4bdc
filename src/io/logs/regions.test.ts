import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import type { LogReader } from '../../core/oom/read.ts'
import { createLogReader, readReports } from '../../core/oom/read.ts'
import type { OomReport } from '../../core/oom/records.ts'
import { withLog } from './decode.ts'
import { readRegions } from './regions.ts'
import type { ByteSource } from './source.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-regions-'))
after(() => rmSync(directory, { recursive: true }))

const LAB = join(import.meta.dirname, '../../../lab/scenarios/logs')
/** The log of a whole boot, its last part a report. */
const BOOT = readFileSync(join(LAB, '6.12-incident.log'), 'utf8').trimEnd().split('\n')
const REPORT = BOOT.slice(BOOT.findIndex((line) => line.includes('invoked oom-killer'))).join('\n')
const NOISE = Array.from(
  { length: 97 },
  (_, i) => `Jun 20 12:47:${i % 60} host sshd[${i}]: session ${i} was killed by its user, uid=${i}`,
)

function noise(lines: number): string {
  return Array.from({ length: lines }, (_, i) => NOISE[i % NOISE.length]).join('\n')
}

/** In pieces of these sizes, one after the other and again. */
function inPieces(text: string | Buffer, sizes: readonly number[]): ByteSource {
  const bytes = Buffer.from(text)
  let at = 0
  let piece = 0
  return {
    // Of a small log every line would be read.
    size: Number.MAX_SAFE_INTEGER,
    read(into) {
      const size = sizes[piece++ % sizes.length] ?? 1
      const got = bytes.copy(into, 0, at, Math.min(bytes.length, at + size))
      at += got
      return got
    },
  }
}

/** The reports, and how many lines the reader was given. */
async function readSource(
  source: ByteSource,
): Promise<{ readonly reports: readonly OomReport[]; readonly given: number }> {
  const reports: OomReport[] = []
  let given = 0
  const reader = createLogReader((report) => reports.push(report))
  const counting: LogReader = {
    ...reader,
    push(line, number) {
      given++
      reader.push(line, number)
    },
  }
  await readRegions(source, counting)
  reader.flush()
  return { reports: reports.sort((a, b) => a.firstLine - b.firstLine), given }
}

test('reports in noise are those that a reader of all lines finds, and few lines are read', async () => {
  const text = [noise(20_000), REPORT, noise(30_000), REPORT, noise(20_000)].join('\n')
  const { reports, given } = await readSource(inPieces(text, [700_001, 1, 65_536]))
  assert.equal(reports.length, 2)
  assert.deepEqual(reports, readReports(text))
  assert.ok(given < 10_000, `${given} lines`)
})

test('however a log is cut into pieces and whatever lies between, the reports are the same', async () => {
  const lines = REPORT.split('\n')
  const kill = lines.findIndex((line) => line.includes('Killed process'))
  const part = fc.oneof(
    fc.constantFrom(
      REPORT,
      lines.slice(0, kill).join('\n'),
      lines.slice(10).join('\n'),
      lines[kill] as string,
      'a line with killable and oom-kill in it',
      'x'.repeat(40_000),
      '',
    ),
    fc.integer({ min: 1, max: 12_000 }).map(noise),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('\n', '\r\n'),
      async (parts, sizes, end) => {
        const text = parts.join('\n').replaceAll('\n', end)
        const sizesThatEnd = sizes.map((size) => Math.max(size, text.length >> 8))
        const { reports } = await readSource(inPieces(text, sizesThatEnd))
        assert.deepEqual(reports, readReports(text))
      },
    ),
    { numRuns: 40 },
  )
})

test('a kill without anything else is found, in the last line without its end', async () => {
  const kill = 'Out of memory: Killed process 7 (leak) total-vm:9kB, anon-rss:8kB, file-rss:0kB'
  const { reports } = await readSource(inPieces(`${noise(9000)}\n${kill}`, [4096]))
  assert.equal(reports.length, 1)
  assert.equal(reports[0]?.killed[0]?.line, 9001)
})

test('a table whose head is lost reaches back', async () => {
  const lines = REPORT.split('\n')
  const kill = lines.findIndex((line) => line.includes('Killed process'))
  const rows = lines.filter((line) => /\] \[ +\d+\] +\d+ +\d+ +\d+/.test(line))
  assert.ok(rows.length > 10)
  const text = [noise(5000), ...rows, lines[kill], noise(5000)].join('\n')
  const { reports } = await readSource(inPieces(text, [100_000]))
  assert.deepEqual(reports, readReports(text))
  assert.equal(reports[0]?.tasks.length, rows.length)
})

test('a line without end is bounded', async () => {
  const megabyte = Buffer.alloc(1 << 20, 'oom-killer ')
  let left = 200
  const { reports, given } = await readSource({
    read: (into) => (left-- > 0 ? megabyte.copy(into) : 0),
  })
  assert.equal(reports.length, 0)
  assert.ok(given < 10, `${given} lines`)
})

/** A source whose parts somebody has looked through, but for those that `isBusy` names. */
function inTiles(text: string, tile: number, isBusy: (tile: number) => boolean): ByteSource {
  const bytes = Buffer.from(text)
  let at = 0
  return {
    size: Number.MAX_SAFE_INTEGER,
    read(into) {
      const got = bytes.copy(into, 0, at, Math.min(bytes.length, at + 100_000))
      at += got
      return got
    },
    passing: {
      tile,
      linesOf(index) {
        const [from, to] = [index * tile, (index + 1) * tile]
        if (to > bytes.length || isBusy(index)) return undefined
        const around = bytes.toString('latin1', from - 8, to + 8)
        if (/oom-kill|Killed p|killable/.test(around)) return undefined
        return bytes.toString('latin1', from, to).split('\n').length - 1
      },
      seek(offset) {
        at = offset
      },
    },
  }
}

test('parts that need not be read are passed over, and the reports stay the same', async () => {
  const kill = REPORT.split('\n').at(-1) as string
  const part = fc.oneof(
    fc.constantFrom(REPORT, kill, REPORT.split('\n').slice(20).join('\n'), 'x'.repeat(900_000)),
    fc.integer({ min: 1, max: 30_000 }).map(noise),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(400_000, 524_288, 2_000_000),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      async (parts, tile, busy) => {
        const log = parts.join('\n')
        const { reports } = await readSource(
          inTiles(log, tile, (index) => busy[index % busy.length] === true),
        )
        assert.deepEqual(reports, readReports(log))
      },
    ),
    { numRuns: 40 },
  )
})

test('a second thread looks through a large file', async () => {
  const path = join(directory, 'large.log')
  const fd = openSync(path, 'w')
  const size = 400 * 1024 * 1024
  ftruncateSync(fd, size)
  const places = [5_000_000, 16 * 1024 * 1024 - 700, 100_000_000, 230_000_000, size - 90_000]
  for (const place of places) writeSync(fd, `\n${noise(500)}\n${REPORT}\n`, place)
  closeSync(fd)
  const { reports, given } = await withLog(path, readSource)
  const lines = REPORT.split('\n').length
  assert.deepEqual(
    reports.map(({ firstLine }) => firstLine),
    places.map((_, i) => i * (lines + 501) + 502),
  )
  assert.ok(given < 20_000, `${given} lines`)
})

const isXzHere = spawnSync('xz', ['--version']).status === 0
const text = [noise(3000), REPORT, noise(3000)].join('\n')
const utf16 = Buffer.from(text, 'utf16le')
const kept: readonly (readonly [string, () => Buffer, boolean])[] = [
  ['plain', () => Buffer.from(text), true],
  ['gzip', () => gzipSync(text), true],
  [
    'two gzip members',
    () => Buffer.concat([gzipSync(text.slice(0, 999)), gzipSync(text.slice(999))]),
    true,
  ],
  ['zstd', () => zstdCompressSync(text), true],
  ['xz', () => spawnSync('xz', ['-c'], { input: text, maxBuffer: 1 << 26 }).stdout, isXzHere],
  ['UTF-16 with its mark', () => Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), true],
  ['UTF-16 without a mark', () => utf16, true],
  [
    'UTF-16, high bytes first',
    () => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    true,
  ],
  ['lines that end with CR', () => Buffer.from(text.replaceAll('\n', '\r')), true],
  ['lines that end with CR LF', () => Buffer.from(text.replaceAll('\n', '\r\n')), true],
  ['NULs between lines', () => Buffer.from(text.replaceAll('\n', '\0\n\0')), true],
]
for (const [name, make, isHere] of kept) {
  test(`a log as ${name} is read`, { skip: isHere ? false : 'no xz here' }, async () => {
    const path = join(directory, name.replaceAll(' ', '-'))
    writeFileSync(path, make())
    const { reports } = await withLog(path, readSource)
    assert.deepEqual(reports, readReports(text))
  })
}

test('a packed file that breaks off gives what it has, and then its error', async () => {
  const path = join(directory, 'cut.gz')
  const packed = gzipSync([REPORT, noise(50_000)].join('\n'))
  writeFileSync(path, packed.subarray(0, packed.length - 100))
  const reports: OomReport[] = []
  const reader = createLogReader((report) => reports.push(report))
  await assert.rejects(
    withLog(path, (source) => readRegions(source, reader)),
    { code: 'PLM_LOG', message: /cut\.gz cannot be read/ },
  )
  reader.flush()
  assert.equal(reports.length, 1)
})

test('what cannot be opened is named', async () => {
  await assert.rejects(withLog(join(directory, 'nowhere'), readSource), {
    code: 'PLM_LOG',
    message: /there is no file .*nowhere/,
  })
})

const CORPUS = join(import.meta.dirname, '../../../../shared/oomlogs')
const corpus: readonly { readonly file: string }[] = existsSync(CORPUS)
  ? JSON.parse(readFileSync(join(CORPUS, 'index.json'), 'utf8'))
  : []
test('real logs in noise give what they give when every line is read', {
  skip: corpus.length > 0 ? false : 'no logs beside the project',
}, async () => {
  for (const { file } of corpus) {
    const log = readFileSync(join(CORPUS, file), 'utf8')
    const embedded = [noise(4000), log, noise(4000)].join('\n')
    const { reports } = await readSource(inPieces(embedded, [65_536]))
    assert.deepEqual(reports, readReports(embedded), file)
  }
})
