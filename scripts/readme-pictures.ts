/**
 * @module The pictures of the README, into docs/images/: real programs of lab/leaks, watched by a
 * real agent. `npm run readme-pictures -- [MINUTES]` lets them run so long first, since a
 * picture of the first seconds shows little. What else runs on this machine is in the pictures, too:
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

async function run(minutes: number, cleanup: Cleanup): Promise<void> {
  const place = openPlace(cleanup, 'web.port = 0\n')
  const agent = await startAgent(place, ['--interval', '1s'], 'dist')
  const { loginUrl, url } = await agent.untilSaid(
    'the dashboard',
    ({ kind }) => kind === 'dashboard',
  )
  const pids = new Map<string, number>()
  for (const { name, pace } of PROGRAMS) {
    const program = await startLeak(name, { pace })
    cleanup.after(() => program.stop())
    pids.set(name, program.pid)
  }
  await new Promise((resolve) => setTimeout(resolve, minutes * 60_000))

  const browser = await launchBrowser()
  cleanup.after(() => browser.close())
  const { page } = await openPage(browser, { viewport: { width: 1180, height: 560 } })
  await page.goto(String(loginUrl))
  await page.waitForSelector('[data-connection="live"]')
  const open = (path: string) => page.goto(new URL(path, String(url)).href)

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
try {
  await run(Number(positionals[0] ?? 3), { after: (end) => void ends.push(end) })
} finally {
  for (const end of ends.reverse()) await end()
}
