/**
 * @module Pictures of every page in light, dark, narrow and empty, from a made-up host, into
 * test/output/. `node scripts/screenshots.ts [NAME...]` takes those alone whose names hold a NAME.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { subjectOf } from '../src/core/wire/event-subject.ts'
import type { Event } from '../src/core/wire/records.ts'
import { HELLO_FIXTURE } from '../src/core/wire/rows.fixture.ts'
import { readBootMs } from '../src/linux/identity.ts'
import { kernelLogOf } from '../test/e2e/kernel-log.ts'
import type { Cleanup } from '../test/e2e/web-server.ts'
import { launchBrowser, openPage } from '../test/web/browser.ts'
import type { Dashboard, WorldOptions } from '../test/web/dashboard.ts'
import { keepTicking, logIn, startDashboard } from '../test/web/dashboard.ts'
import { worldAt } from '../test/web/world.ts'

const OUTPUT = 'test/output'
const PAST = { lengthMs: 70 * 60_000, stepMs: 2_000 }
const wanted = process.argv.slice(2)

interface Shot {
  readonly name: string
  readonly path: string
  /** What must be there before the picture is taken. */
  readonly until: string
  readonly act?: (page: Page) => Promise<void>
}

function subjectPath(name: string, kind = 'process'): string {
  const now = Date.now()
  const row = worldAt(now, now).rows.find((each) => each.name === name && each.kind === kind)
  return `/subjects/${encodeURIComponent(row?.id ?? name)}`
}

const CHART = '.chart canvas'
const LAB_LOGS = 'lab/scenarios/logs'

/** The page of an OOM with one of the lab's logs dropped on it. */
function droppedLog(name: string, log: string, damage?: (text: string) => string): Shot {
  return {
    name: `oom-${name}`,
    path: '/oom',
    until: '.oom-choose',
    act: async (page) => {
      const path = join(LAB_LOGS, log)
      const text = readFileSync(path, 'utf8')
      const buffer = Buffer.from(damage === undefined ? text : damage(text))
      await page.setInputFiles('input[type="file"]', { name: log, mimeType: 'text/plain', buffer })
      await page.waitForSelector('.oom-log')
    },
  }
}

/** As a console loses it: the head, and every fifth line. */
function damage(text: string): string {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.includes('invoked oom-killer'))
  return lines.filter((_, i) => i > from + 6 && i % 5 !== 0).join('\n')
}
const SHOTS: readonly Shot[] = [
  { name: 'host', path: '/', until: CHART },
  { name: 'host-1h', path: '/?range=1h', until: CHART },
  { name: 'suspects', path: '/suspects', until: 'tr.row' },
  { name: 'search', path: '/suspects?q=postgres', until: 'tr.row' },
  { name: 'all', path: '/all', until: 'tr.row' },
  { name: 'process', path: `${subjectPath('shop-api')}?range=1h`, until: CHART },
  { name: 'service', path: `${subjectPath('php8.2-fpm.service', 'service')}`, until: CHART },
  { name: 'events', path: '/events', until: '.events li' },
  { name: 'console', path: '/console', until: '.run-rows' },
  { name: 'oom', path: '/oom', until: '.oom-host >> text=more OOMs' },
  {
    name: 'oom-host',
    path: '/oom',
    until: '.oom-host >> text=more OOMs',
    act: async (page) => {
      await page.locator('.oom-host a').first().click()
      await page.waitForSelector('.kill-mark')
    },
  },
  droppedLog('storm', '6.12-many-leakers.log'),
  droppedLog('group', '6.12-cgroup-limit.log'),
  droppedLog('innocent', '6.12-hugepages.log'),
  droppedLog('damaged', '6.12-incident.log', damage),
  { name: 'ended', path: '/subjects/process%3A99%3A1', until: '.sentence' },
  {
    name: 'help',
    path: '/suspects',
    until: 'tr.row',
    act: (page) => page.keyboard.press('?'),
  },
]

function pastEvents(openedMs: number): Event[] {
  const rows = new Map(worldAt(openedMs, openedMs).rows.map((row) => [row.id, row]))
  const make = (
    ageSec: number,
    name: string | null,
    kind: Event['kind'],
    reason: string,
    data: Event['data'],
  ): Event => {
    const row = [...rows.values()].find((each) => each.name === name)
    return {
      id: `${HELLO_FIXTURE.bootId.slice(0, 8)}-${1_000_000 - ageSec}`,
      hostId: HELLO_FIXTURE.hostId,
      bootId: HELLO_FIXTURE.bootId,
      bootMs: 777_600_000 - ageSec * 1_000,
      wallMs: openedMs - ageSec * 1_000,
      kind,
      subject: row === undefined ? null : subjectOf(row),
      reason,
      data,
    }
  }
  return [
    make(4_100, null, 'lifecycle', 'the guard started', { what: 'agent-start' }),
    make(3_060, 'shop-api', 'lifecycle', 'deployed: release 2026.47', { what: 'deploy' }),
    make(
      2_300,
      'shop-api',
      'verdict',
      'shop-api 700 may leak, +2.7 MiB/min, 6.1 % of what was free is used: it rises steadily and does not level off',
      { from: 'growing', to: 'suspected' },
    ),
    make(
      1_500,
      'shop-api',
      'verdict',
      'shop-api 700 leaks +2.7 MiB/min, 8 h 20 min left (7 h 30 min to 9 h 10 min): it rises steadily and does not level off',
      { from: 'suspected', to: 'confirmed' },
    ),
    make(1_490, 'media.service', 'lifecycle', 'media.service was restarted', { what: 'restart' }),
    make(
      700,
      'thumbnailer',
      'verdict',
      'thumbnailer 831 leaks +9.0 MiB/min, 32 min left (28 min to 35 min): it rises in steps and never gives back',
      { from: 'growing', to: 'confirmed' },
    ),
    make(420, null, 'pressure', 'memory pressure: some tasks waited 12 % of the last 10 s', {}),
  ]
}

async function take(page: Page, dashboard: Dashboard, shot: Shot, suffix: string): Promise<void> {
  const name = `${shot.name}${suffix}`
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) return
  await page.goto(new URL(shot.path, dashboard.web.url).href)
  await page.waitForSelector(shot.until)
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  await shot.act?.(page)
  const view = page.viewportSize()
  if (view !== null && shot.name !== 'help') {
    // Tables make the rows in sight alone: all of the page is brought into sight.
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ ...view, height: Math.min(4_000, Math.max(view.height, height)) })
  }
  // One tick more, so that what the history answered is drawn with it.
  const seen = await page.evaluate(() => document.title)
  await page.waitForTimeout(seen === '' ? 1_000 : 1_200)
  await page.screenshot({ path: join(OUTPUT, `${name}.png`) })
  if (view !== null) await page.setViewportSize(view)
}

interface Look {
  readonly suffix: string
  readonly colorScheme: 'light' | 'dark'
  readonly width: number
}

const LOOKS: readonly Look[] = [
  { suffix: '', colorScheme: 'light', width: 1280 },
  { suffix: '-dark', colorScheme: 'dark', width: 1280 },
  { suffix: '-narrow', colorScheme: 'light', width: 360 },
]

async function takeAll(
  browser: Browser,
  dashboard: Dashboard,
  shots: readonly Shot[],
  looks: readonly Look[],
  tail = '',
): Promise<void> {
  for (const { suffix, colorScheme, width } of looks) {
    const { page, complaints } = await openPage(browser, {
      colorScheme,
      viewport: { width, height: width < 500 ? 720 : 860 },
    })
    await logIn(page, dashboard)
    try {
      for (const shot of shots) await take(page, dashboard, shot, `${tail}${suffix}`)
    } finally {
      for (const complaint of complaints) console.error(`page: ${complaint}`)
    }
    await page.context().close()
  }
}

async function withDashboard(
  options: WorldOptions,
  use: (dashboard: Dashboard) => Promise<void>,
): Promise<void> {
  const ends: (() => unknown)[] = []
  const cleanup: Cleanup = { after: (end) => void ends.push(end) }
  try {
    const dashboard = await startDashboard(cleanup, options)
    keepTicking(cleanup, dashboard)
    await use(dashboard)
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** As the host's kernel would have told: a group at its limit, an innocent, a storm. */
function pastOoms(): string {
  const nowSec = readBootMs() / 1_000
  return [
    kernelLogOf('6.12-cgroup-limit.log', 100, nowSec - 20_000),
    kernelLogOf('6.1-tmpfs.log', 2_000, nowSec - 9_000),
    kernelLogOf('6.12-many-leakers.log', 4_000, nowSec - 700),
  ].join('')
}

mkdirSync(OUTPUT, { recursive: true })
const logs = mkdtempSync(join(tmpdir(), 'plimsoll-pictures-'))
process.on('exit', () => rmSync(logs, { recursive: true }))
const kernelLog = join(logs, 'kmsg')
writeFileSync(kernelLog, pastOoms())
const browser = await launchBrowser()
const startedMs = Date.now()
await withDashboard({ past: PAST, events: pastEvents(startedMs), kernelLog }, async (dashboard) => {
  await takeAll(browser, dashboard, SHOTS, LOOKS)
  const { page } = await openPage(browser)
  await page.goto(dashboard.web.url)
  await page.waitForSelector('tr.row')
  if (wanted.length === 0 || wanted.includes('public')) {
    await page.screenshot({ path: join(OUTPUT, 'public.png') })
    await page.setViewportSize({ width: 360, height: 720 })
    await page.screenshot({ path: join(OUTPUT, 'public-narrow.png') })
  }
})
await withDashboard(
  {
    momentAt: (ms) => worldAt(ms, startedMs, true),
    past: { lengthMs: 16 * 60_000, stepMs: 2_000 },
    hello: { privileged: false },
    kernelLog: '/nonexistent/kmsg',
    state: {
      missing: [
        { what: "descriptors of other users' processes", why: 'needs root' },
        { what: 'slab caches', why: '/proc/slabinfo needs root' },
        { what: 'allocation profile', why: 'this kernel has no CONFIG_MEM_ALLOC_PROFILING' },
      ],
    },
  },
  async (dashboard) => {
    const shots: readonly Shot[] = [
      { name: 'host', path: '/', until: CHART },
      { name: 'suspects', path: '/suspects', until: '.empty' },
      { name: 'events', path: '/events', until: '.empty' },
      { name: 'oom', path: '/oom', until: '.oom-unread' },
    ]
    await takeAll(browser, dashboard, shots, LOOKS, '-empty')
    if (wanted.length === 0 || wanted.some((word) => 'disconnected'.includes(word))) {
      const { page } = await openPage(browser)
      await logIn(page, dashboard)
      await page.waitForSelector(CHART)
      await dashboard.stopGuard()
      await page.waitForSelector('[data-trouble="guard"]')
      await page.screenshot({ path: join(OUTPUT, 'guard-away.png') })
      dashboard.web.child.kill('SIGKILL')
      await page.waitForSelector('[data-trouble="lost"]')
      await page.screenshot({ path: join(OUTPUT, 'disconnected.png') })
    }
  },
)
await browser.close()
