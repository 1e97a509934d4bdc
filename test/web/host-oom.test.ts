/** @module OOMs of the host on its dashboard in a real browser, from a recorded kernel log. */
import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { readBootMs } from '../../src/linux/identity.ts'
import { kernelLogOf } from '../e2e/kernel-log.ts'
import { openDirectory } from '../e2e/web-server.ts'
import { launchBrowser, openPage, SKIP } from './browser.ts'
import type { Dashboard } from './dashboard.ts'
import { keepTicking, logIn, startDashboard } from './dashboard.ts'

const skip = SKIP || (existsSync('dist/ui/app.js') ? false : 'no build')
const OUTPUT = 'test/output'

type End = () => unknown

describe("the host's own OOMs", { skip, timeout: 120_000 }, () => {
  const ends: End[] = []
  const cleanup = { after: (end: End) => void ends.push(end) }
  let browser: Browser
  let dashboard: Dashboard
  let kernelLog: string

  before(async () => {
    mkdirSync(OUTPUT, { recursive: true })
    kernelLog = join(openDirectory(cleanup), 'kmsg')
    const nowSec = readBootMs() / 1_000
    writeFileSync(
      kernelLog,
      kernelLogOf('6.12-cgroup-limit.log', 100, nowSec - 3_000) +
        kernelLogOf('6.1-many-leakers.log', 2_000, nowSec - 900),
    )
    dashboard = await startDashboard(cleanup, { kernelLog })
    keepTicking(cleanup, dashboard)
    browser = await launchBrowser()
    ends.push(() => browser.close())
  })
  after(async () => {
    for (const end of [...ends].reverse()) await end()
  })

  const open = async () => {
    const opened = await openPage(browser)
    await logIn(opened.page, dashboard)
    await opened.page.click('nav >> text=OOM')
    // The last report of a log is told once it is silent.
    await opened.page.waitForSelector('.oom-host >> text=2 more OOMs')
    return opened
  }

  test('they are listed newest first, a storm as one, and opened as a dropped log is', async () => {
    const { page, complaints } = await open()
    const rows = page.locator('.oom-host li')
    assert.equal(await rows.count(), 2)
    assert.match(
      await rows.nth(0).innerText(),
      /leaker \(110\) was killed.*; and 2 more OOMs within/s,
    )
    assert.match(await rows.nth(1).innerText(), /the group that is at its limit/)
    assert.match(await page.locator('h1').innerText(), /^○?.*The last OOM of this host, 15 min/s)
    await rows.nth(0).locator('a').click()
    await page.waitForSelector('.kill-mark')
    assert.match(page.url(), /\/oom\?event=/)
    assert.equal(await page.locator('.kill-mark').count(), 3)
    assert.match(
      await page.locator('.oom-reports .when').first().innerText(),
      /^at \d\d:\d\d:\d\d$/,
    )
    assert.equal(await page.locator('.oom-bar').count(), 1)
    assert.ok(Number(await page.locator('.tasks').getAttribute('aria-rowcount')) > 5)
    await page.locator('.oom-who .line-link').first().click()
    assert.match(
      await page.locator('dialog.evidence li[aria-current]').innerText(),
      /\d,\d+,\d+,-;.*invoked oom-killer/,
    )
    await page.keyboard.press('Escape')
    await page.reload()
    await page.waitForSelector('.kill-mark')
    await page.click('text=All OOMs')
    await page.waitForSelector('.oom-host li')
    assert.equal(new URL(page.url()).search, '')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a log that is dropped takes the place of the one that the address names', async () => {
    const { page, complaints } = await open()
    await page.locator('.oom-host a').nth(1).click()
    await page.waitForSelector('#oom-memory-title >> text=/job')
    await page.goBack()
    await page.waitForSelector('.oom-host li')
    await page.goForward()
    await page.waitForSelector('#oom-memory-title >> text=/job')
    await page.click('text=All OOMs')
    await page.setInputFiles('input[type="file"]', 'lab/scenarios/logs/6.1-incident.log')
    await page.waitForSelector('.oom-log >> text=6.1-incident.log')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('one that happens now stands there without a reload, and among the events', async () => {
    const { page, complaints } = await open()
    appendFileSync(kernelLog, kernelLogOf('6.12-hugepages.log', 9_000, readBootMs() / 1_000))
    await page.waitForSelector('.oom-host >> text=modest (184) was killed, wrongly')
    assert.match(await page.locator('.oom-host li').first().innerText(), /innocent/)
    await page.click('nav >> text=Events')
    await page.waitForSelector('.events li[data-kind="oom"]')
    await page.locator('.events li[data-kind="oom"] a').first().click()
    await page.waitForSelector('.oom-bar')
    assert.match(await page.locator('h1').innerText(), /modest \(184\) was killed, wrongly/)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('where the kernel log cannot be read, the page says why and what to do', async () => {
    const blind = await startDashboard(cleanup, { kernelLog: '/nonexistent/kmsg' })
    const { page, complaints } = await openPage(browser)
    await logIn(page, blind)
    await page.click('nav >> text=OOM')
    await page.waitForSelector('.oom-unread')
    assert.match(await page.locator('h1').innerText(), /This host's OOMs cannot be seen/)
    assert.match(
      await page.locator('.oom-unread').innerText(),
      /\/nonexistent\/kmsg is not there.*--cap-add SYSLOG/s,
    )
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a host that had none is told so', async () => {
    const quiet = join(openDirectory(cleanup), 'kmsg')
    writeFileSync(quiet, '6,1,1000,-;all is well\n')
    const calm = await startDashboard(cleanup, { kernelLog: quiet })
    const { page, complaints } = await openPage(browser)
    await logIn(page, calm)
    await page.click('nav >> text=OOM')
    await page.waitForSelector('#host-ooms-title')
    assert.match(await page.locator('h1').innerText(), /No OOM on this host/)
    await page.screenshot({ path: `${OUTPUT}/oom-none.png` })
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a visitor is told of none', async () => {
    const { page, complaints } = await openPage(browser)
    await page.goto(new URL('/oom', dashboard.web.url).href)
    await page.waitForSelector('.oom-choose')
    assert.equal(await page.locator('.oom-host').count(), 0)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })
})
