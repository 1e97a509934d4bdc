import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { SEEN_FAMILIES } from '../../lab/traces/seen/families.ts'
import { writeTraces } from '../../lab/traces/write.ts'
import { detectTrace } from '../../src/core/leak/replay.ts'

const MIB = 1024 * 1024
const FIELDS = [
  'file',
  'leaking',
  'detected_at_s',
  'alarms_s',
  'onset_s',
  'rate_bytes_per_s',
  'rate_low',
  'rate_high',
  'eta_s',
  'reason',
]

let directory = ''
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-detect-'))
  const leak = (t: number) => 50 * MIB + 2 * MIB * Math.max(0, t - 100)
  write('leak.csv.gz', gzipSync(csv(450, leak)))
  write(
    'flat.csv',
    csv(300, () => 50 * MIB),
  )
  write('bad.csv', 't_s,rss_anon\n0,1\n1,lots\n')
})
after(() => rmSync(directory, { recursive: true, force: true }))

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(directory, name), content)
}

function csv(seconds: number, level: (t: number) => number): string {
  const rows = Array.from({ length: seconds }, (_, t) => `${t},${Math.round(level(t))},,0,0\n`)
  return `t_s,rss_anon,rss_file,rss_shmem,swap\n${rows.join('')}`
}

function writeManifest(name: string, files: readonly string[]): string {
  const lines = files.map((file) =>
    JSON.stringify({ file, headroom_bytes: 1024 * MIB, sample_s: 1, starts_s: null }),
  )
  write(name, lines.join('\n'))
  return join(directory, name)
}

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function plimsoll(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const options = { timeout: 30_000, env: { ...process.env, NO_COLOR: '1' } }
    execFile(process.execPath, ['dist/cli.cjs', ...args], options, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        stdout,
        stderr,
      })
    })
  })
}

test('a manifest gives one line a trace, and a bad one does not stop the others', async () => {
  const manifest = writeManifest('all.jsonl', ['bad.csv', 'leak.csv.gz', 'flat.csv', 'none.csv'])
  const { code, stdout } = await plimsoll('detect', '--manifest', manifest, directory)
  assert.equal(code, 11)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const [bad, leak, flat, none] = lines
  assert.equal(lines.length, 4)
  assert.match(bad.error, /bad\.csv:3:3: rss_anon/)
  assert.match(none.error, /ENOENT/)
  assert.equal(bad.leaking, null)
  assert.deepEqual(Object.keys(leak), FIELDS)
  assert.equal(leak.file, 'leak.csv.gz')
  assert.equal(leak.leaking, true)
  assert.ok(leak.detected_at_s > 100 && leak.detected_at_s < 330, stdout)
  assert.deepEqual(leak.alarms_s, [leak.detected_at_s])
  assert.ok(Math.abs(leak.onset_s - 100) < 30, stdout)
  assert.ok(Math.abs(leak.rate_bytes_per_s / (2 * MIB) - 1) < 0.1, stdout)
  assert.ok(leak.rate_low <= leak.rate_bytes_per_s && leak.rate_bytes_per_s <= leak.rate_high)
  const left = (1024 - 2 * (leak.detected_at_s - 100)) / 2
  assert.ok(Math.abs(leak.eta_s / left - 1) < 0.15, stdout)
  assert.deepEqual([flat.leaking, flat.alarms_s, flat.eta_s], [false, [], null])
})

test('generated traces give on disk what they give in memory', async () => {
  const names = ['leak-fast', 'leak-with-holes', 'leak-across-restarts', 'collector', 'flat']
  const families = SEEN_FAMILIES.filter(({ name }) => names.includes(name))
  assert.equal(families.length, names.length)
  const made = join(directory, 'made')
  writeTraces(made, families, 1)
  const { stdout } = await plimsoll('detect', '--manifest', join(made, 'manifest.jsonl'), made)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const [i, family] of families.entries()) {
    const { trace, spec } = family.make(1)
    const said = detectTrace(trace, spec)
    assert.equal(lines[i].file, spec.file)
    assert.equal(lines[i].leaking, said.leaking, family.name)
    assert.deepEqual(lines[i].alarms_s, said.alarmsSec, family.name)
    assert.equal(lines[i].rate_bytes_per_s, said.rateBytesPerSec, family.name)
    assert.equal(lines[i].reason, said.reason, family.name)
  }
})

test('exit codes say whether something leaks', async () => {
  for (const [files, expected] of [
    [['flat.csv'], 0],
    [['flat.csv', 'leak.csv.gz'], 10],
  ] as const) {
    const manifest = writeManifest('some.jsonl', files)
    const { code } = await plimsoll('detect', '--manifest', manifest, directory)
    assert.equal(code, expected, files.join())
  }
})

test('a trace that cannot be read is no verdict, alone as in a manifest', async () => {
  for (const file of ['bad.csv', 'none.csv']) {
    const { code, stdout, stderr } = await plimsoll('detect', join(directory, file))
    assert.equal(code, 11, file)
    assert.equal(stdout, '')
    assert.match(stderr, /PLM_TRACE/)
  }
})

test('a manifest that is wrong stops everything before it starts', async () => {
  write('wrong.jsonl', '{"file":"flat.csv","headroom_bytes":1,"sample_s":1}\n{"file":"../x"}\n')
  const manifest = join(directory, 'wrong.jsonl')
  const { code, stdout, stderr } = await plimsoll('detect', '--manifest', manifest, directory)
  assert.equal(code, 2)
  assert.equal(stdout, '')
  assert.match(stderr, /wrong\.jsonl:2:2: file: expected a path below the directory/)
})

test('a single trace is drawn with its verdict, or told as a line', async () => {
  const path = join(directory, 'leak.csv.gz')
  const picture = await plimsoll('detect', path, '--headroom', '1GiB')
  assert.equal(picture.code, 10)
  assert.match(picture.stdout, /^leak\.csv\.gz leaks \+/)
  assert.match(picture.stdout, /▲ grows since .*! alarm at /)
  assert.ok(!picture.stdout.includes('\u001b'))
  const line = await plimsoll('detect', path, '--headroom', '1GiB', '--json')
  assert.deepEqual(Object.keys(JSON.parse(line.stdout)), FIELDS)
})

test('wrong options are refused with what was expected', async () => {
  const path = join(directory, 'flat.csv')
  for (const [args, message] of [
    [[path, '--headroom', 'much'], /--headroom: expected a size/],
    [[path, '--sample', '0'], /--sample: expected seconds above 0/],
    [[path, '--starts', '1,x'], /--starts: expected seconds/],
    [['--manifest', 'x.jsonl', directory, '--json'], /--json is for a single trace/],
  ] as const) {
    const { code, stderr } = await plimsoll('detect', ...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(stderr, message)
  }
})
