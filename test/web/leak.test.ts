/**
 * @module What all of it is for: a real leaking program on this machine is a confirmed leak in the
 * browser within a minute, and a real cache that fills is growing and then harmless, never a leak.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { explainMissingTool } from '../../lab/leaks/build.ts'
import { startLeak } from '../../lab/leaks/start.ts'
import { openPlace, startAgent } from '../e2e/agent-run.ts'
import { launchBrowser, openPage, SKIP } from './browser.ts'

const OUTPUT = 'test/output'
const WITHIN_MS = 60_000
/** The cache fills for 20 s, and is harmless once it has held for a while. */
const HARMLESS_WITHIN_MS = 90_000

/** From now on each state that the row of a process has shown, in order, without repetition. */
async function followStates(page: Page, pid: number): Promise<void> {
  await page.evaluate((given) => {
    const seen: string[] = []
    Object.assign(window, { [`states${given}`]: seen })
    const look = () => {
      const row = document.querySelector<HTMLElement>(`tr[data-id^="process:${given}:"]`)
      const state = row?.dataset.state
      if (state !== undefined && seen.at(-1) !== state) seen.push(state)
    }
    look()
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
    })
  }, pid)
}

function readStates(page: Page, pid: number): Promise<string[]> {
  return page.evaluate(
    (given) => (window as unknown as Record<string, string[]>)[`states${given}`] ?? [],
    pid,
  )
}

const skip =
  SKIP || (explainMissingTool('c') ?? (existsSync('dist/ui/app.js') ? false : 'no build'))

test('a leak is confirmed within a minute, a cache is growing and then harmless', {
  skip,
  timeout: 240_000,
}, async (context) => {
  const agent = await startAgent(openPlace(context), [], 'dist')
  const { loginUrl } = await agent.untilSaid('the dashboard', ({ kind }) => kind === 'dashboard')
  const browser = await launchBrowser()
  context.after(() => browser.close())
  const { page, complaints } = await openPage(browser)
  await page.goto(String(loginUrl))
  await page.waitForSelector('[data-connection="live"]')
  await page.click('nav >> text=Suspects')

  const leak = await startLeak('leak-steady')
  context.after(() => leak.stop())
  const cache = await startLeak('cache-fill')
  context.after(() => cache.stop())
  const startedMs = performance.now()
  await followStates(page, leak.pid)
  await followStates(page, cache.pid)

  await page.waitForSelector(`tr[data-id^="process:${leak.pid}:"][data-state="confirmed"]`, {
    timeout: WITHIN_MS,
  })
  context.diagnostic(`confirmed after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`)
  await page.waitForSelector(`tr[data-id^="process:${cache.pid}:"][data-state="harmless"]`, {
    timeout: HARMLESS_WITHIN_MS,
  })
  context.diagnostic(`harmless after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`)

  const states = await readStates(page, cache.pid)
  context.diagnostic(
    `the cache was ${states.join(', ')}; the leak ${(await readStates(page, leak.pid)).join(', ')}`,
  )
  assert.ok(states.includes('growing'), 'the cache was never seen growing')
  assert.ok(!states.includes('confirmed'), 'the cache was called a leak')
  assert.equal(states.at(-1), 'harmless')
  assert.match(await page.locator('h1').innerText(), /leak/)

  mkdirSync(OUTPUT, { recursive: true })
  await page.screenshot({ path: `${OUTPUT}/leak-suspects.png` })
  await page.click(`tr[data-id^="process:${leak.pid}:"] a`)
  await page.waitForSelector('#outlook-title')
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  await page.screenshot({ path: `${OUTPUT}/leak-process.png` })
  assert.deepEqual(complaints, [])
})
