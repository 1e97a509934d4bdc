import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { MIB } from '../../base/units.ts'
import { isIntact } from '../../core/record/recover.ts'
import { readRing } from './read-ring.ts'
import { openRecorder, type Recorder, type RecorderOptions } from './recorder.ts'

const BOOT_ID = '0f8fad5b-d9cb-469f-a165-70867728950e'

function place(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-record-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return join(directory, 'recorder.ring')
}

function optionsFor(path: string, more: Partial<RecorderOptions> = {}): RecorderOptions {
  return {
    path,
    bytes: MIB,
    bootId: BOOT_ID,
    hostId: '00c0ffee00c0ffee',
    hostName: 'tried',
    wallMs: 1_764_000_000_000,
    onFault: (why) => assert.fail(why),
    ...more,
  }
}

function put(recorder: Recorder, text: string): boolean {
  const bytes = new TextEncoder().encode(text)
  return recorder.put('event', bytes, bytes.length, 1000, 1_764_000_000_000)
}

function textsIn(path: string): readonly string[] {
  return readRing(path).items.map(({ payload }) => new TextDecoder().decode(payload))
}

test('a recorder is a file for its owner alone, of its full size from the start', async (t) => {
  const path = place(t)
  const recorder = await openRecorder(optionsFor(path))
  const { size, blocks, mode } = statSync(path)
  assert.deepEqual([size, mode & 0o777], [MIB, 0o600])
  assert.ok(blocks * 512 >= MIB, 'it has holes')
  await recorder.close()
  assert.equal(lstatSync(`${path}.lock`, { throwIfNoEntry: false }), undefined)
})

test('what was put is there, in order, over several laps and openings', async (t) => {
  const path = place(t)
  const { slots } = await (async () => {
    const recorder = await openRecorder(optionsFor(path))
    for (let i = 0; i < 200; i++) {
      assert.ok(put(recorder, `first ${i}`))
      if (i % 50 === 49) assert.ok(await recorder.flush())
    }
    await recorder.close()
    return readRing(path)
  })()
  const recorder = await openRecorder(optionsFor(path))
  for (let i = 0; i < 200; i++) {
    assert.ok(put(recorder, `second ${i}`))
    if (i % 50 === 49) assert.ok(await recorder.flush())
  }
  assert.equal(recorder.queued(), 0)
  await recorder.close()
  const expected = [
    ...Array.from({ length: 200 }, (_, i) => `first ${i}`),
    ...Array.from({ length: 200 }, (_, i) => `second ${i}`),
  ]
  assert.deepEqual(textsIn(path), expected.slice(-slots))
  assert.ok(isIntact(readRing(path)))
})

test('a second writer is refused, and the first is not disturbed', async (t) => {
  const path = place(t)
  const recorder = await openRecorder(optionsFor(path))
  await assert.rejects(openRecorder(optionsFor(path)), { code: 'PLM_RECORD' })
  assert.ok(put(recorder, 'still here'))
  assert.ok(await recorder.flush())
  await recorder.close()
  assert.deepEqual(textsIn(path), ['still here'])
})

test('a queue that is full drops what comes, and the file says so', async (t) => {
  const path = place(t)
  const recorder = await openRecorder(optionsFor(path))
  let taken = 0
  // All at once: no write comes to its end meanwhile.
  while (put(recorder, `${taken}`)) taken++
  assert.equal(recorder.dropped(), 1)
  await recorder.flush()
  assert.ok(put(recorder, 'after'))
  await recorder.close()
  const { items } = readRing(path)
  assert.equal(items.length, taken + 1)
  assert.deepEqual(
    items.filter(({ isAfterLoss }) => isAfterLoss).map(({ seq }) => seq),
    [taken + 1],
  )
})

test('a writer that is killed loses nothing that was on the disk, and the next goes on', async (t) => {
  const path = place(t)
  const program = `
    import { openRecorder } from ${JSON.stringify(join(import.meta.dirname, 'recorder.ts'))}
    const recorder = await openRecorder({ ...${JSON.stringify(optionsFor(path))}, onFault() {} })
    for (let i = 0; ; i++) {
      const bytes = new TextEncoder().encode('event ' + i)
      recorder.put('event', bytes, bytes.length, 1, 2)
      await recorder.flush()
      console.log(i)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const chunk of child.stdout) {
    said += chunk
    if (said.split('\n').length > 20) break
  }
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  const flushed = said.split('\n').length - 1

  const recorder = await openRecorder(optionsFor(path))
  put(recorder, 'the next')
  await recorder.close()
  const texts = textsIn(path)
  assert.equal(texts.at(-1), 'the next')
  const events = texts.slice(0, -1)
  assert.ok(events.length >= flushed)
  assert.deepEqual(
    events,
    events.map((_, i) => `event ${i}`),
  )
})

for (const [what, make, why] of [
  ['a file of another kind', (path: string) => writeFileSync(path, 'x'.repeat(MIB)), /no flight/],
  ['an empty file', (path: string) => writeFileSync(path, ''), /no flight/],
  ['a symbolic link', (path: string) => symlinkSync('/dev/null', path), /symbolic link/],
  [
    'a file that others may write',
    (path: string) => {
      writeFileSync(path, '')
      chmodSync(path, 0o666)
    },
    /others may write/,
  ],
  [
    'a file with a second name',
    (path: string) => {
      writeFileSync(path, '')
      linkSync(path, `${path}.link`)
    },
    /second name/,
  ],
] as const) {
  test(`${what} is refused and stays as it is`, async (t) => {
    const path = place(t)
    make(path)
    const before = lstatSync(path)
    await assert.rejects(openRecorder(optionsFor(path)), { code: 'PLM_RECORD', message: why })
    assert.deepEqual([lstatSync(path).ino, lstatSync(path).size], [before.ino, before.size])
    assert.equal(lstatSync(`${path}.lock`, { throwIfNoEntry: false }), undefined)
  })
}

for (const [what, more] of [
  ['size', { bytes: 2 * MIB }],
  ['host', { hostId: 'another' }],
] as const) {
  test(`a recorder of another ${what} is put aside, and can still be read`, async (t) => {
    const path = place(t)
    const old = await openRecorder(optionsFor(path))
    put(old, 'before')
    await old.close()
    const recorder = await openRecorder(optionsFor(path, more))
    assert.equal(recorder.setAside, `${path}.before`)
    put(recorder, 'after')
    await recorder.close()
    assert.deepEqual([textsIn(`${path}.before`), textsIn(path)], [['before'], ['after']])
  })
}

test('a damaged file is gone on with, and told apart', async (t) => {
  const path = place(t)
  const recorder = await openRecorder(optionsFor(path))
  for (const text of ['a', 'b', 'c']) put(recorder, text)
  await recorder.close()
  const bytes = readFileSync(path)
  bytes.fill(0, (2 + 2) * 4096, (2 + 3) * 4096)
  bytes.fill(1, 0, 4096)
  writeFileSync(path, bytes)
  const next = await openRecorder(optionsFor(path))
  put(next, 'd')
  await next.close()
  const ring = readRing(path)
  assert.deepEqual([textsIn(path), ring.counts.missing, ring.headersWhole], [['a', 'c', 'd'], 1, 1])
  assert.equal(isIntact(ring), false)
})

test('a disk that is full is said, and leaves nothing', async (t) => {
  const path = place(t)
  // The limit of this process' files (RLIMIT_FSIZE) ends a write as a full disk does.
  const program = `
    import { openRecorder } from ${JSON.stringify(join(import.meta.dirname, 'recorder.ts'))}
    process.on('SIGXFSZ', () => {})
    await openRecorder({ ...${JSON.stringify(optionsFor(path))}, onFault() {} })
      .then(() => console.log('opened'), (error) => console.log(error.code, error.message))`
  const shell = `ulimit -f 512; exec "$0" --input-type=module --eval "$1"`
  const child = spawn('sh', ['-c', shell, process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const chunk of child.stdout) said += chunk
  assert.match(said, /^PLM_RECORD nothing is recorded in .*EFBIG/)
  assert.equal(lstatSync(path, { throwIfNoEntry: false }), undefined)
  assert.equal(lstatSync(`${path}.part`, { throwIfNoEntry: false }), undefined)
})

test('a disk that takes nothing is said once, and loses nothing once it takes something again', async (t) => {
  const path = place(t)
  await (await openRecorder(optionsFor(path))).close()
  const program = `
    import { execFileSync } from 'node:child_process'
    import { openRecorder } from ${JSON.stringify(join(import.meta.dirname, 'recorder.ts'))}
    process.on('SIGXFSZ', () => {})
    const faults = []
    const options = { ...${JSON.stringify(optionsFor(path))}, onFault: (why) => faults.push(why) }
    const recorder = await openRecorder(options)
    const put = (i) => {
      const bytes = new TextEncoder().encode('event ' + i)
      return recorder.put('event', bytes, bytes.length, 1, 2)
    }
    let i = 0
    do put(i++); while (await recorder.flush())
    put(i++)
    execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited'])
    while (!(await recorder.flush())) await new Promise((resolve) => setTimeout(resolve, 20))
    await recorder.close()
    console.log(JSON.stringify({ i, faults }))`
  const shell = `ulimit -S -f 512; exec "$0" --input-type=module --eval "$1"`
  const child = spawn('sh', ['-c', shell, process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const chunk of child.stdout) said += chunk
  const { i, faults } = JSON.parse(said) as { i: number; faults: string[] }
  assert.equal(faults.length, 1, said)
  assert.match(faults[0] ?? '', /EFBIG/)
  assert.deepEqual(
    textsIn(path),
    Array.from({ length: i }, (_, n) => `event ${n}`),
  )
  assert.ok(isIntact(readRing(path)))
})

test('a recorder that is closed takes nothing', async (t) => {
  const recorder = await openRecorder(optionsFor(place(t)))
  await recorder.close()
  assert.equal(put(recorder, 'too late'), false)
})

for (const [what, make] of [
  ['no file', () => {}],
  ['text', (path: string) => writeFileSync(path, 'x'.repeat(10_000))],
  ['an empty file', (path: string) => writeFileSync(path, '')],
  [
    'a file of zeros',
    (path: string) => {
      writeFileSync(path, '')
      truncateSync(path, MIB)
    },
  ],
] as const) {
  test(`${what} is not read as a recorder`, (t) => {
    const path = place(t)
    make(path)
    assert.throws(() => readRing(path), { code: 'PLM_RECORD' })
  })
}

test('a file from another place and under another name is read', async (t) => {
  const path = place(t)
  const recorder = await openRecorder(optionsFor(path))
  put(recorder, 'far away')
  await recorder.close()
  renameSync(path, `${path}.moved`)
  const { header } = readRing(`${path}.moved`)
  assert.deepEqual(
    [header?.hostName, header?.hostId, textsIn(`${path}.moved`)],
    ['tried', '00c0ffee00c0ffee', ['far away']],
  )
})
