/** @module The console's page in a real browser: sliders, the address, remedies; light, dark and narrow. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import type { FixtureHost } from '../../src/core/console/hosts.fixture.ts'
import { HOSTS } from '../../src/core/console/hosts.fixture.ts'
import type { OpenPage } from './browser.ts'
import { launchBrowser, openPage, SKIP } from './browser.ts'
import type { Dashboard } from './dashboard.ts'
import { keepTicking, logIn, startDashboard } from './dashboard.ts'

const skip = SKIP || (existsSync('dist/ui/app.js') ? false : 'no build')
const OUTPUT = 'test/output'

type End = () => unknown

const LESSON = '/console?from=incident'
const NARROW = { viewport: { width: 390, height: 844 } } as const

describe('the page of the console', { skip, timeout: 120_000 }, () => {
  const ends: End[] = []
  let browser: Browser
  let dashboard: Dashboard

  before(async () => {
    mkdirSync(OUTPUT, { recursive: true })
    dashboard = await startOn(HOSTS['bare-metal'])
    browser = await launchBrowser()
    ends.push(() => browser.close())
  })
  after(async () => {
    for (const end of [...ends].reverse()) await end()
  })

  async function startOn(host: FixtureHost): Promise<Dashboard> {
    const cleanup = { after: (end: End) => void ends.push(end) }
    const started = await startDashboard(cleanup, { host })
    keepTicking(cleanup, started)
    return started
  }

  async function open(
    path: string,
    options: BrowserContextOptions = {},
    at = dashboard,
  ): Promise<OpenPage> {
    const opened = await openPage(browser, options)
    await logIn(opened.page, at)
    await opened.page.goto(new URL(path, at.web.url).href)
    await opened.page.waitForSelector('.run-rows')
    return opened
  }

  test('it starts from this host as it was read, and says how long it freezes', async () => {
    const { page, complaints } = await open('/console')
    assert.match(await page.locator('h1').innerText(), /stands still for 1\d\.\d s, beside .* tty0/)
    assert.equal(await page.locator('nav a[aria-current="page"]').innerText(), 'Console')
    const machine = page.locator('[data-machine="host"]')
    assert.match(await machine.innerText(), /This host.*162 tasks, ttyS1 at 19200 baud/s)
    assert.equal(
      await page.locator('input[name="tasks"]').getAttribute('aria-valuetext'),
      '162 tasks',
    )
    assert.deepEqual(complaints, [])
  })

  test('a button loads the lesson, and brings this host back', async () => {
    const { page, complaints } = await open('/console?tasks=1000')
    await page.getByRole('button', { name: "Load the lesson's incident" }).click()
    await page.waitForURL(/\?from=incident$/)
    assert.match(await page.locator('h1').innerText(), /stands still for up to 12\.\d s/)
    assert.match(
      await page.locator('[data-machine="incident"]').innerText(),
      /A lesson, not this host/,
    )
    assert.equal(await page.locator('.run-bar.waits').count(), 2, 'heartbeat and leaker')
    assert.equal(await page.locator('.flow-box.waited').count(), 1)
    await page.getByRole('button', { name: "This host's own figures" }).click()
    await page.waitForURL(/\/console$/)
    await page.waitForSelector('[data-machine="host"]')
    assert.deepEqual(complaints, [])
  })

  test('a host that nobody waits on is told so, and nothing else', async () => {
    const calm = await startOn(HOSTS.arm)
    for (const [name, options] of [
      ['empty', {}],
      ['empty-narrow', NARROW],
    ] as const) {
      const { page, complaints } = await open('/console', options, calm)
      assert.equal(
        await page.locator('h1.good > span:last-child').innerText(),
        'An OOM would cost nothing on these consoles: nobody waits for ttyAMA0',
      )
      assert.equal(await page.locator('.flow-box.waited').count(), 0)
      assert.equal(await page.locator('.remedies').count(), 0)
      await page.screenshot({ path: `${OUTPUT}/console-${name}.png`, fullPage: true })
      assert.deepEqual(complaints, [])
    }
  })

  test('a console whose speed is not known makes no host safe', async () => {
    const unknown = await startOn(HOSTS.hypervisor)
    const { page } = await open('/console', {}, unknown)
    assert.match(
      await page.locator('h1.quiet').innerText(),
      /is not known, since the speed of hvc0/,
    )
  })

  test('without an answer of the agent it is the lesson, and why', async () => {
    const { page } = await openPage(browser)
    await logIn(page, dashboard)
    await page.route('**/api/v1/console', (route) => route.abort())
    await page.goto(new URL('/console', dashboard.web.url).href)
    const machine = page.locator('[data-machine="incident"]')
    assert.match(await machine.innerText(), /This host's own figures are not here: no answer/)
    assert.equal(await machine.getByRole('button').count(), 0)
  })

  test('a slider changes the sentence and the address, and the address brings it back', async () => {
    const { page, complaints } = await open(LESSON)
    await page.locator('input[name="baud"]').focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
    await page.waitForURL(/&baud=115200$/)
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
    const { page, complaints } = await open(LESSON)
    assert.equal(await page.locator('.remedies li').count(), 7)
    await page.click('[data-remedy="adaptive"] a')
    await page.waitForURL(/&remedy=adaptive$/)
    assert.match(await page.locator('h1').innerText(), /stands still for up to 0\.\d\d s/)
    await page.goBack()
    await page.waitForFunction(() => document.querySelector('h1')?.textContent?.includes('12.'))
    assert.deepEqual(complaints, [])
  })

  test('nothing that leaks is said, and what is no step counts as not said', async () => {
    const { page } = await openPage(browser)
    await logIn(page, dashboard)
    await page.goto(new URL(`${LESSON}&leakers=0&baud=evil`, dashboard.web.url).href)
    await page.waitForSelector('.empty')
    assert.match(await page.locator('h1').innerText(), /Memory does not run out/)
    assert.equal(await page.locator('input[name="baud"]').inputValue(), '2')
  })

  for (const [name, options] of [
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', NARROW],
  ] as const satisfies readonly (readonly [string, BrowserContextOptions])[]) {
    test(`nothing is wider than the page: ${name}`, async () => {
      const { page, complaints } = await open('/console', options)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(overflow, 0)
      await page.screenshot({ path: `${OUTPUT}/console-${name}.png`, fullPage: true })
      assert.deepEqual(complaints, [])
    })
  }
})
