/** @module The console's page in a real browser: sliders, the address, remedies; light, dark and narrow. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import type { OpenPage } from './browser.ts'
import { launchBrowser, openPage, SKIP } from './browser.ts'
import type { Dashboard } from './dashboard.ts'
import { logIn, startDashboard } from './dashboard.ts'

const skip = SKIP || (existsSync('dist/ui/app.js') ? false : 'no build')
const OUTPUT = 'test/output'

type End = () => unknown

describe('the page of the console', { skip, timeout: 120_000 }, () => {
  const ends: End[] = []
  let browser: Browser
  let dashboard: Dashboard

  before(async () => {
    mkdirSync(OUTPUT, { recursive: true })
    dashboard = await startDashboard({ after: (end: End) => void ends.push(end) })
    browser = await launchBrowser()
    ends.push(() => browser.close())
  })
  after(async () => {
    for (const end of [...ends].reverse()) await end()
  })

  async function open(path: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const opened = await openPage(browser, options)
    await logIn(opened.page, dashboard)
    await opened.page.goto(new URL(path, dashboard.web.url).href)
    await opened.page.waitForSelector('.run-rows')
    return opened
  }

  test('it opens from the navigation with the incident, and says how long it freezes', async () => {
    const { page, complaints } = await open('/console')
    assert.match(await page.locator('h1').innerText(), /stands still for up to 12\.\d s/)
    assert.equal(await page.locator('nav a[aria-current="page"]').innerText(), 'Console')
    assert.equal(await page.locator('.run-bar.waits').count(), 2, 'heartbeat and leaker')
    assert.equal(await page.locator('.flow-box.waited').count(), 1)
    assert.deepEqual(complaints, [])
  })

  test('a slider changes the sentence and the address, and the address brings it back', async () => {
    const { page, complaints } = await open('/console')
    await page.locator('input[name="baud"]').focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
    await page.waitForURL(/\?baud=115200$/)
    const sentence = await page.locator('h1').innerText()
    assert.match(sentence, /stands still for up to 2\.\d\d s/)
    await page.reload()
    await page.waitForSelector('.run-rows')
    assert.equal(await page.locator('h1').innerText(), sentence)
    assert.equal(await page.locator('input[name="baud"]').inputValue(), '5')
    await page.selectOption('select[name="printk"]', '5 7 1 7')
    await page.waitForURL(/printk=5\+7\+1\+7/)
    assert.match(await page.locator('h1').innerText(), /^\S*\s*Nobody stands still/)
    assert.deepEqual(complaints, [])
  })

  test('a remedy is a link, and what it does is shown', async () => {
    const { page, complaints } = await open('/console')
    assert.equal(await page.locator('.remedies li').count(), 7)
    await page.click('[data-remedy="adaptive"] a')
    await page.waitForURL(/\?remedy=adaptive$/)
    assert.match(await page.locator('h1').innerText(), /stands still for up to 0\.\d\d s/)
    await page.goBack()
    await page.waitForFunction(() => document.querySelector('h1')?.textContent?.includes('12.'))
    assert.deepEqual(complaints, [])
  })

  test('nothing that leaks is said, and what is no step counts as not said', async () => {
    const { page } = await openPage(browser)
    await logIn(page, dashboard)
    await page.goto(new URL('/console?leakers=0&baud=evil', dashboard.web.url).href)
    await page.waitForSelector('.empty')
    assert.match(await page.locator('h1').innerText(), /Memory does not run out/)
    assert.equal(await page.locator('input[name="baud"]').inputValue(), '2')
  })

  for (const [name, options] of [
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 780 } }],
  ] as const satisfies readonly (readonly [string, BrowserContextOptions])[]) {
    test(`nothing is wider than the page: ${name}`, async () => {
      const { page, complaints } = await open('/console?containers=3&baud=115200', options)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(overflow, 0)
      await page.screenshot({ path: `${OUTPUT}/console-${name}.png`, fullPage: true })
      assert.deepEqual(complaints, [])
    })
  }
})
