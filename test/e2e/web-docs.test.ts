import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { HOSTS, like } from '../../src/core/console/hosts.fixture.ts'
import { HELLO_FIXTURE, rowFixture } from '../../src/core/wire/rows.fixture.ts'
import { writeHostTree } from './host-tree.ts'
import type { Asked } from './raw-http.ts'
import { openDirectory, startWatching } from './web-server.ts'

const DOCS = 'docs/api.md'
const GIB = 1024 ** 3

const SERVICE = rowFixture('service:shop.service', {
  kind: 'service',
  name: 'shop.service',
  pid: null,
  startTicks: null,
  processes: 1,
  levelBytes: 3 * GIB,
})
const LEAK = rowFixture('process:4121:777', {
  name: 'shop',
  serviceId: SERVICE.id,
  unit: 'shop.service',
  cgroup: '/system.slice/shop.service',
  levelBytes: 3 * GIB,
  limit: { kind: 'cgroup', headroomBytes: GIB },
  verdict: {
    ...SERVICE.verdict,
    state: 'confirmed',
    reason: 'rises-steadily',
    rateBytesPerSec: 3_495.25,
    rateLowBytesPerSec: 3_300.5,
    rateHighBytesPerSec: 3_702,
    sinceSec: 5_000,
    confirmedAtSec: 9_000,
    etaSec: 307_200,
    etaLowSec: 290_042.5,
    etaHighSec: 325_320.5,
    usedFraction: 0.25,
  },
})

interface Example {
  /** Of the answer in the text. */
  readonly from: number
  readonly to: number
  readonly path: string
  readonly asked: Asked
  readonly answer: unknown
}

function parseRequest(text: string, url: string): Pick<Example, 'path' | 'asked'> {
  const [head = '', body] = text.split('\n\n')
  const [first = '', ...lines] = head.trim().split('\n')
  const [method = '', path = ''] = first.split(' ')
  const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]))
  // The one thing that a reader puts in for themselves.
  if ('Origin' in headers) headers.Origin = url
  return { path, asked: { method, headers, ...(body === undefined ? {} : { body }) } }
}

/** Every request of the text with the JSON that stands below it. */
function readExamples(text: string, url: string): Example[] {
  const pattern = /```http\n([^`]*)```\n\n```json\n([^`]*)```/g
  return [...text.matchAll(pattern)].map((match) => {
    const [whole, request = '', answer = ''] = match
    const to = match.index + whole.length - '```'.length
    return {
      ...parseRequest(request, url),
      from: to - answer.length,
      to,
      answer: JSON.parse(answer),
    }
  })
}

/** Keys and kinds without the figures: `null` may stand for anything. */
function findDifference(documented: unknown, real: unknown, path = 'answer'): string | undefined {
  if (documented === null || real === null) return undefined
  if (typeof documented !== typeof real) return `${path}: ${typeof documented}, ${typeof real}`
  if (typeof real !== 'object') return undefined
  if (Array.isArray(real))
    return findDifference((documented as unknown[])[0] ?? null, real[0] ?? null, `${path}[0]`)
  const [keys, realKeys] = [Object.keys(documented as object), Object.keys(real)]
  if (keys.join() !== realKeys.join())
    return `${path}: ${keys.join()} is documented, not ${realKeys.join()}`
  for (const key of keys) {
    const [a, b] = [documented, real].map((each) => (each as Record<string, unknown>)[key])
    const difference = findDifference(a, b, `${path}.${key}`)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** Nothing of the machine that the examples were made on. */
function withoutHost(text: string, url: string, directory: string): string {
  return text
    .replaceAll(url, 'http://127.0.0.1:4117')
    .replaceAll(`${directory}/run`, '/run/plimsoll')
    .replaceAll(`${directory}/login`, '/run/plimsoll/login')
    .replaceAll(/"hostId": "[^"]*"/g, `"hostId": "${HELLO_FIXTURE.hostId}"`)
    .replaceAll(/"bootId": "[^"]*"/g, `"bootId": "${HELLO_FIXTURE.bootId}"`)
    .replaceAll(/"id": "[0-9a-f]{8}-(\d+)"/g, `"id": "${HELLO_FIXTURE.bootId.slice(0, 8)}-$1"`)
}

/** As JSON.stringify has it, but a list of plain values is one line. */
function formatAnswer(value: unknown): string {
  const lists = /\[\n\s+([^[\]{}]*?)\n\s+\]/g
  return JSON.stringify(value, null, 2).replace(lists, (_, inner: string) => {
    return `[${inner.split(/,\n\s*/).join(', ')}]`
  })
}

test('every example of docs/api.md is what the server answers; UPDATE_DOCS=1 rewrites them', async (context) => {
  const host = like(HOSTS['bare-metal'], {
    '/proc/sys/kernel/random/boot_id': HELLO_FIXTURE.bootId,
  })
  const procRoot = writeHostTree(openDirectory(context), host)
  const { web, guard } = await startWatching(context, [LEAK, SERVICE], { procRoot })
  for (let tick = 0; tick < 3; tick++) guard.tick([LEAK])
  await web.until('/api/v1/snapshot', ({ text }) => text.includes('"tick":4'))
  const deploy = { method: 'POST', body: '{"subjectId":null,"comment":"release 42"}' }
  const headers = { origin: web.url, 'content-type': 'application/json' }
  assert.equal((await web.ask('/api/v1/deploys', { ...deploy, headers })).status, 200)

  let text = readFileSync(DOCS, 'utf8')
  const examples = readExamples(text, web.url)
  const fresh: string[] = []
  for (const { path, asked, answer } of examples) {
    const real: unknown = (await web.ask(path, asked)).json()
    if (process.env.UPDATE_DOCS === '1') {
      fresh.push(`${withoutHost(formatAnswer(real), web.url, web.directory)}\n`)
    } else assert.equal(findDifference(answer, real), undefined, path)
  }
  if (process.env.UPDATE_DOCS !== '1') return
  for (const { from, to } of examples.toReversed()) {
    text = text.slice(0, from) + fresh.pop() + text.slice(to)
  }
  writeFileSync(DOCS, text)
})

test('docs/api.md has every route that src/core/wire/api.ts lists, and no other', async () => {
  const source = readFileSync('src/core/wire/api.ts', 'utf8')
  const listed = [...source.matchAll(/^ \* - (GET|POST) +([^ ?]+)/gm)].map(
    ([, method, path]) => `${method} ${path}`,
  )
  const documented = [
    ...readFileSync(DOCS, 'utf8').matchAll(/^(GET|POST) \/api\/v1\/([^ ?\n]+)/gm),
  ].map(([, method, path]) => `${method} ${path?.replace(/subjects\/[^/]+/, 'subjects/{id}')}`)
  assert.ok(listed.length >= 10)
  assert.deepEqual([...new Set(documented)].sort(), [...new Set(listed)].sort())
})
