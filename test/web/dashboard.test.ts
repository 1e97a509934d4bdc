/** @module The dashboard in a real browser: every page and state, by mouse, keyboard and phone. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { subjectOf } from '../../src/core/wire/event-subject.ts'
import type { Event } from '../../src/core/wire/records.ts'
import { rowFixture } from '../../src/core/wire/rows.fixture.ts'
import type { OpenPage } from './browser.ts'
import { launchBrowser, openPage, SKIP, UNTIL_MS } from './browser.ts'
import type { Dashboard } from './dashboard.ts'
import { keepTicking, logIn, startDashboard } from './dashboard.ts'
import { worldAt } from './world.ts'

const skip = SKIP || (existsSync('dist/ui/app.js') ? false : 'no build')
const PAST = { lengthMs: 20 * 60_000, stepMs: 10_000 }

/** Of a process that ended before anything that is shown unless more is asked for. */
const LONG_AGO: Event = {
  id: 'before-1',
  hostId: 'h',
  bootId: 'b',
  bootMs: 1,
  wallMs: Date.now() - 5 * 3_600_000,
  kind: 'verdict',
  subject: { ...subjectOf(rowFixture('process:98:1', { name: 'old-shop' })), pid: 98 },
  reason: 'old-shop 98 leaks',
  data: { from: 'suspected', to: 'confirmed' },
}

type End = () => unknown

async function endAll(ends: readonly End[]): Promise<void> {
  for (const end of [...ends].reverse()) await end()
}

/** Where the element with the focus is: the row's id, or its own id. */
function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const at = document.activeElement
    return at?.closest('tr')?.dataset.id ?? at?.id ?? null
  })
}

function rowIds(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('tr.row')].map((row) => row.dataset.id ?? ''),
  )
}

async function untilFocused(page: Page, id: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.activeElement?.closest('tr')?.dataset.id === wanted,
    id,
  )
}

describe('a host with leaks', { skip, timeout: 180_000 }, () => {
  const ends: End[] = []
  let browser: Browser
  let dashboard: Dashboard

  before(async () => {
    const cleanup = { after: (end: End) => void ends.push(end) }
    dashboard = await startDashboard(cleanup, { past: PAST, events: [LONG_AGO] })
    keepTicking(cleanup, dashboard)
    browser = await launchBrowser()
    ends.push(() => browser.close())
  })
  after(() => endAll(ends))

  async function open(path: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const opened = await openPage(browser, options)
    await logIn(opened.page, dashboard)
    if (path !== '/') await opened.page.goto(new URL(path, dashboard.web.url).href)
    await opened.page.waitForSelector('h1')
    return opened
  }

  test('a visitor sees totals, names and sizes, and how to log in; no more', async () => {
    const { page, complaints } = await openPage(browser)
    await page.goto(`${dashboard.web.url}/suspects`)
    await page.waitForSelector('#login-title')
    await page.waitForSelector('table.public tr.row')
    const text = await page.locator('body').innerText()
    assert.match(text, /log in to see what leaks/)
    assert.match(text, /shop-api/)
    for (const secret of ['may leak', '2.7 MiB/min', 'shop-db1', 'shop-api.service', '700']) {
      assert.ok(!text.includes(secret), `a visitor sees ${JSON.stringify(secret)}`)
    }
    assert.equal(await page.locator('nav[aria-label="Pages"]').count(), 0)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('beyond loopback a visitor sees how to log in, and nothing of the host', async () => {
    const { page, complaints } = await openPage(browser)
    // As the server says it there; a test listens on loopback alone.
    await page.route('**/api/v1/session', async (route) => {
      const response = await route.fetch()
      const json = { ...(await response.json()), access: 'none' }
      await route.fulfill({ response, json })
    })
    await page.route('**/api/v1/snapshot', () => assert.fail('nothing more is asked for'))
    await page.goto(`${dashboard.web.url}/suspects`)
    await page.waitForSelector('h1 >> text=Log in to see this host')
    await page.waitForSelector('text=sudo cat')
    assert.equal(await page.locator('nav[aria-label="Pages"]').count(), 0)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('the one-time address logs in; the page then follows the ticks', async () => {
    const { page, complaints } = await open('/')
    assert.match(await page.locator('h1').innerText(), /2 processes leak.*thumbnailer 831/s)
    await page.waitForSelector('.chart canvas')
    const size = page.locator('tr.row td.c-size').first()
    const first = await size.innerText()
    await page.waitForFunction(
      (before) => document.querySelector('tr.row td.c-size')?.textContent !== before,
      first,
    )
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('by keyboard: search all, walk the rows, open one, come back', async () => {
    const { page } = await open('/suspects')
    await page.waitForSelector('tr.row')
    const listed = await rowIds(page)
    await page.keyboard.press('/')
    assert.equal(await focused(page), 'search')
    await page.keyboard.type('postgres 15')
    await page.waitForFunction(() => document.querySelector('table')?.ariaRowCount === '24')
    assert.match(page.url(), /\/suspects\?q=postgres(\+|%20)15$/)
    await page.fill('#search', '')
    await page.keyboard.press('Escape')
    await page.waitForFunction(
      (n) => document.querySelectorAll('tr.row').length === n,
      listed.length,
    )

    await page.keyboard.press('j')
    await untilFocused(page, listed[0] ?? '')
    await page.keyboard.press('j')
    await untilFocused(page, listed[1] ?? '')
    await page.keyboard.press('k')
    await untilFocused(page, listed[0] ?? '')
    await page.keyboard.press('Enter')
    await page.waitForURL(
      (url) => url.pathname === `/subjects/${encodeURIComponent(listed[0] ?? '')}`,
    )
    await page.waitForSelector('#outlook-title')
    assert.match(await page.locator('h1').innerText(), /thumbnailer 831 leaks/)
    assert.equal(await focused(page), 'main', 'who cannot see it is where the new page begins')
    await page.goBack()
    await page.waitForURL((url) => url.pathname === '/suspects')
    await page.waitForSelector('tr.row')
    await page.context().close()
  })

  test('a click on a heading sorts, a second one turns the order round', async () => {
    const { page } = await open('/all')
    await page.waitForSelector('tr.row')
    await page.click('thead >> text=Who')
    await page.waitForURL((url) => url.searchParams.get('sort') === 'name')
    assert.equal(await page.getAttribute('th.c-name', 'aria-sort'), 'ascending', 'from a to z')
    const first = (await rowIds(page))[0]
    await page.click('thead >> text=Who')
    await page.waitForURL((url) => url.searchParams.get('reverse') === '1')
    assert.equal(await page.getAttribute('th.c-name', 'aria-sort'), 'descending')
    assert.notEqual((await rowIds(page))[0], first)
    await page.context().close()
  })

  test('only rows in sight are made, and all of them can be scrolled to', async () => {
    const { page } = await open('/all', { viewport: { width: 1280, height: 500 } })
    await page.waitForSelector('tr.row')
    const total = Number(await page.getAttribute('table', 'aria-rowcount')) - 1
    assert.ok(total > 80)
    assert.ok((await rowIds(page)).length < 40)
    await page.keyboard.press('End')
    await page.waitForSelector(`tr[aria-rowindex="${total + 1}"]`)
    await page.context().close()
  })

  test('a leak is marked as expected, shown as such in another window, and unmarked', async () => {
    const { page } = await open('/suspects')
    const other = await page.context().newPage()
    await other.goto(`${dashboard.web.url}/suspects`)
    await other.waitForSelector('tr.row')
    await page.click('a.subject >> text=shop-api')
    await page.click('summary')
    await page.selectOption('select[name=mark]', 'muted')
    await page.selectOption('select[name=period]', '1h')
    await page.fill('input[name=comment]', 'known: SHOP-1 <b>')
    await page.click('button >> text=Mark')
    const line = page.locator('[data-mark="muted"]')
    await line.waitFor()
    assert.match(await line.innerText(), /known: SHOP-1 <b>; set now, ends in 60 min/)
    await other.waitForSelector('tr.row.marked[data-id^="process:700:"] .badge')
    await other.waitForFunction(() =>
      /1 process leaks/.test(document.querySelector('h1')?.textContent ?? ''),
    )
    await page.click('button >> text=Unmark')
    await page.waitForSelector('summary')
    await other.waitForSelector('tr.row:not(.marked)[data-id^="process:700:"]')
    await page.context().close()
  })

  test('a part of time is selected, is in the address, and back leads out of it', async () => {
    const { page } = await open('/')
    const box = await page.locator('.chart .u-over').first().boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + box.width * 0.3, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL((url) => url.searchParams.has('from') && url.searchParams.has('to'))
    await page.waitForSelector('.fixed-range')
    await page.goBack()
    await page.waitForURL((url) => !url.searchParams.has('from'))
    await page.click('.ranges >> text=6 h')
    await page.waitForURL((url) => url.searchParams.get('range') === '6h')
    await page.context().close()
  })

  test('what is not there, and what never was, are said', async () => {
    const { page } = await open('/subjects/process%3A99%3A1')
    await page.waitForFunction(() =>
      /not there any more, and nothing was recorded/.test(
        document.querySelector('h1')?.textContent ?? '',
      ),
    )
    await page.goto(`${dashboard.web.url}/subjects/process%3A98%3A1`)
    await page.waitForSelector('h1 >> text=old-shop (process:98:1) is not there any more')
    await page.waitForSelector('.events >> text=old-shop 98 leaks')
    await page.goto(`${dashboard.web.url}/nowhere`)
    await page.waitForSelector('h1 >> text=There is no page at /nowhere')
    await page.context().close()
  })

  test('no page is wider than a phone', async () => {
    const { page } = await open('/', { viewport: { width: 360, height: 720 } })
    const service = encodeURIComponent('service:php8.2-fpm.service')
    for (const path of [
      '/',
      '/suspects',
      '/all',
      '/events',
      '/subjects/process%3A700%3A63000',
      `/subjects/${service}`,
    ]) {
      await page.goto(new URL(path, dashboard.web.url).href)
      await page.waitForSelector('[data-connection="live"]')
      await page.waitForSelector('tr.row, .empty, .events li, .chart canvas')
      const [wide, room] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ])
      assert.equal(wide, room, `${path} is ${wide} px wide`)
    }
    await page.context().close()
  })

  test('dark where the system is, or where the reader chose it, and that is remembered', async () => {
    const theme = (page: Page) => page.evaluate(() => document.documentElement.dataset.theme)
    const { page } = await open('/', { colorScheme: 'dark' })
    assert.equal(await theme(page), 'dark')
    await page.click('button.theme')
    assert.equal(await theme(page), 'light')
    await page.reload()
    await page.waitForSelector('[data-connection="live"]')
    assert.equal(await theme(page), 'light')
    await page.context().close()
  })

  test('each page has one heading of the first rank, its landmarks and a name for every control', async () => {
    const { page } = await open('/')
    for (const path of ['/', '/suspects', '/events', '/subjects/process%3A700%3A63000']) {
      await page.goto(new URL(path, dashboard.web.url).href)
      await page.waitForSelector('[data-connection="live"]')
      const found = await page.evaluate(() => ({
        h1: document.querySelectorAll('h1').length,
        landmarks: ['header', 'main', 'footer', 'nav'].filter(
          (name) => document.querySelector(name) === null,
        ),
        nameless: [...document.querySelectorAll('button, input, select, a')].filter(
          (node) =>
            (node.textContent ?? '').trim() === '' &&
            !node.hasAttribute('aria-label') &&
            node.closest('label') === null,
        ).length,
      }))
      assert.deepEqual(found, { h1: 1, landmarks: [], nameless: 0 }, path)
    }
    await page.keyboard.press('?')
    await page.waitForSelector('dialog[open]')
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog[open]', { state: 'detached' })
    await page.context().close()
  })
})

test('nothing grows: said kindly, with what is watched and what cannot be seen', {
  skip,
  timeout: 90_000,
}, async (context) => {
  const openedMs = Date.now()
  const dashboard = await startDashboard(context, {
    momentAt: (ms) => worldAt(ms, openedMs, true),
    past: PAST,
    hello: { privileged: false },
    state: { missing: [{ what: 'slab caches', why: '/proc/slabinfo needs root' }] },
  })
  const browser = await launchBrowser()
  context.after(() => browser.close())
  const { page } = await openPage(browser)
  await logIn(page, dashboard)
  assert.match(
    await page.locator('h1').innerText(),
    /Nothing leaks; 45 processes watched for 20 min/,
  )
  await page.waitForSelector('text="/proc/slabinfo needs root"')
  await page.waitForSelector('text=The guard runs without root')
  await page.click('nav >> text=Suspects')
  await page.waitForSelector('.empty >> text=Nothing grows')
  await page.click('nav >> text=Events')
  await page.waitForSelector('.empty')
})

test('what is lost is said, with since when; what was known stays, greyed; it comes back', {
  skip,
  timeout: 90_000,
}, async (context) => {
  const dashboard = await startDashboard(context, { past: PAST })
  const browser = await launchBrowser()
  context.after(() => browser.close())
  const { page } = await openPage(browser)
  await logIn(page, dashboard)
  await page.waitForSelector('tr.row')
  await dashboard.stopGuard()
  await page.waitForSelector('[data-trouble="guard"] time')
  await page.waitForSelector('main.old tr.row')
  await dashboard.startGuard()
  await page.waitForSelector('[data-trouble]', { state: 'detached' })
  await page.waitForSelector('main:not(.old) tr.row')
  dashboard.web.child.kill('SIGKILL')
  await page.waitForSelector('[data-trouble="lost"] time')
  assert.match(await page.locator('[data-trouble]').innerText(), /Disconnected .*Retrying/)
  await page.waitForSelector('main.old tr.row')
})

test('a snapshot that comes after a newer one is not shown', {
  skip,
  timeout: 90_000,
}, async (context) => {
  const openedMs = Date.now()
  let isQuiet = false
  const dashboard = await startDashboard(context, {
    momentAt: (ms) => worldAt(ms, openedMs, isQuiet),
    past: PAST,
  })
  const browser = await launchBrowser()
  context.after(() => browser.close())
  const { page, complaints } = await openPage(browser)
  await logIn(page, dashboard)
  await page.waitForSelector('h1 >> text=2 processes leak')

  const held: (() => Promise<void>)[] = []
  await page.route('**/api/v1/snapshot', async (route) => {
    const response = await route.fetch()
    held.push(() => route.fulfill({ response }))
  })
  // Whoever connects anew has the web process ask its readers to fetch everything.
  const restart = async (): Promise<void> => {
    const before = held.length
    await dashboard.stopGuard()
    await dashboard.startGuard()
    const deadline = AbortSignal.timeout(UNTIL_MS)
    while (held.length === before) {
      await page.evaluate(() => new Promise(requestAnimationFrame))
      deadline.throwIfAborted()
    }
  }
  await restart()
  isQuiet = true
  dashboard.tick()
  await restart()
  const [older, newer] = held
  await newer?.()
  await page.waitForSelector('h1 >> text=Nothing leaks')
  await Promise.all([page.waitForResponse('**/api/v1/snapshot'), older?.()])
  dashboard.tick()
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
  assert.match(await page.locator('h1').innerText(), /Nothing leaks/)
  assert.deepEqual(complaints, [])
})
