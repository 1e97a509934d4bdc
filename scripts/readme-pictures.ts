/**
 * @module The pictures of the README, into docs/images/: real programs of lab/leaks, watched by a
 * real agent; of the incident on the console's page; and of an OOM that the lab recorded. `npm run readme-pictures --
 * [MINUTES]` lets them run so long first, since a picture of the first seconds shows little; `-- oom` and `-- console` take
 * one of the others alone. What else runs on this machine is in the pictures, too:
 * `unshare --pid --fork --mount-proc --uts` keeps it out.
 */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { startLeak } from '../lab/leaks/start.ts'
import { openPlace, startAgent } from '../test/e2e/agent-run.ts'
import type { Cleanup } from '../test/e2e/web-server.ts'
import { launchBrowser, openPage } from '../test/web/browser.ts'

const IMAGES = 'docs/images'
const MAX_BYTES = 300_000
const OOM_LOG = 'lab/scenarios/logs/6.12-many-leakers.log'

/** Slower than by themselves, so that there are some minutes to look at. */
const PROGRAMS = [
  { name: 'leak-steady', pace: 0.25 },
  { name: 'leak-steps', pace: 0.12 },
  { name: 'cache-fill', pace: 0.3 },
  { name: 'load-pool', pace: 1 },
  { name: 'flat-churn', pace: 1 },
  { name: 'warm-up', pace: 0.5 },
] as const

async function settle(page: Page): Promise<void> {
  await page.waitForSelector('[data-connection="live"]')
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  // Two ticks, so that sparklines and charts have what the history answered.
  await page.waitForTimeout(2_500)
}

async function take(page: Page, name: string): Promise<void> {
  await settle(page)
  const path = join(IMAGES, `${name}.png`)
  await page.screenshot({ path })
  const { size } = statSync(path)
  console.log(`${path} ${Math.round(size / 1000)} kB${size > MAX_BYTES ? ': too large' : ''}`)
}

interface Opened {
  readonly page: Page
  readonly url: string
}

/** A storm of the lab's, as anybody drops a log on the page. */
async function takeOom({ page, url }: Opened): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1180, height: 900 })
  await page.goto(new URL('/oom', url).href)
  await page.waitForSelector('.oom-choose')
  await page.setInputFiles('input[type="file"]', OOM_LOG)
  await page.waitForSelector('.kill-mark')
  await take(page, 'oom')
}

/** The lesson: what this machine's own consoles would say is nothing of the reader's. */
async function takeConsole({ page, url }: Opened): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1180, height: 700 })
  await page.goto(new URL('/console?from=incident', url).href)
  await page.waitForSelector('.run-rows')
  await take(page, 'console')
}

async function openDashboard(cleanup: Cleanup): Promise<Opened> {
  const place = openPlace(cleanup, 'web.port = 0\n')
  const agent = await startAgent(place, ['--interval', '1s'], 'dist')
  const { loginUrl, url } = await agent.untilSaid(
    'the dashboard',
    ({ kind }) => kind === 'dashboard',
  )
  const browser = await launchBrowser()
  cleanup.after(() => browser.close())
  const { page } = await openPage(browser, { viewport: { width: 1180, height: 560 } })
  await page.goto(String(loginUrl))
  await page.waitForSelector('[data-connection="live"]')
  return { page, url: String(url) }
}

async function takeLeaks({ page, url }: Opened, minutes: number, cleanup: Cleanup): Promise<void> {
  const pids = new Map<string, number>()
  for (const { name, pace } of PROGRAMS) {
    const program = await startLeak(name, { pace })
    cleanup.after(() => program.stop())
    pids.set(name, program.pid)
  }
  await new Promise((resolve) => setTimeout(resolve, minutes * 60_000))
  const open = (path: string) => page.goto(new URL(path, url).href)

  await open('/suspects')
  const leak = `tr[data-id^="process:${pids.get('leak-steady')}:"]`
  await page.waitForSelector(`${leak}[data-state="confirmed"]`, { timeout: 240_000 })
  await take(page, 'suspects')
  await page.click(`${leak} a`)
  await page.setViewportSize({ width: 1180, height: 800 })
  await page.waitForSelector('#outlook-title')
  await take(page, 'process')
  await page.emulateMedia({ colorScheme: 'dark' })
  await open('/')
  await page.waitForSelector('.chart canvas')
  await page.setViewportSize({ width: 1180, height: 860 })
  await take(page, 'host-dark')
}

mkdirSync(IMAGES, { recursive: true })
const { positionals } = parseArgs({ allowPositionals: true })
const ends: (() => unknown)[] = []
const cleanup: Cleanup = { after: (end) => void ends.push(end) }
try {
  const [minutes = '3'] = positionals
  const opened = await openDashboard(cleanup)
  const isAll = minutes !== 'oom' && minutes !== 'console'
  if (isAll) await takeLeaks(opened, Number(minutes), cleanup)
  if (isAll || minutes === 'console') await takeConsole(opened)
  if (isAll || minutes === 'oom') await takeOom(opened)
} finally {
  for (const end of ends.reverse()) await end()
}
