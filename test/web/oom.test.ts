/** @module The page of an OOM in a real browser: what is dropped is explained there; light, dark and narrow. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { OpenPage } from './browser.ts'
import { launchBrowser, openPage, SKIP } from './browser.ts'
import type { Dashboard } from './dashboard.ts'
import { keepTicking, logIn, startDashboard } from './dashboard.ts'

const skip = SKIP || (existsSync('dist/ui/app.js') ? false : 'no build')
const OUTPUT = 'test/output'
const LOGS = join(import.meta.dirname, '../../lab/scenarios/logs')

type End = () => unknown

function readLab(name: string): string {
  return readFileSync(join(LOGS, name), 'utf8')
}

/** Lets a file fall on the page, as a hand does. */
async function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  const given = { name, base64: Buffer.from(content).toString('base64') }
  const transfer = await page.evaluateHandle((file) => {
    const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], file.name))
    return data
  }, given)
  await page.dispatchEvent('.oom', 'drop', { dataTransfer: transfer })
}

/** A report of so many tasks, made of the incident's. */
function withTasks(count: number): string {
  const lines = readLab('6.1-incident.log').split('\n')
  const at = lines.findIndex((line) => line.includes('sleeper-0'))
  const row = lines[at] ?? ''
  const rows = Array.from({ length: count }, (_, i) =>
    row.replace(/94\]/, `${1000 + i}]`).replace('sleeper-0', `worker-${i}`),
  )
  return [...lines.slice(0, at), ...rows, ...lines.slice(at)].join('\n')
}

/** Tables make the rows in sight alone: all of the page is brought into sight. */
async function takeWhole(page: Page, name: string): Promise<void> {
  const view = page.viewportSize() ?? { width: 1280, height: 860 }
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ ...view, height })
  await page.waitForFunction(() => {
    const rows = document.querySelectorAll('.tasks tr.row').length
    return rows === 0 || document.querySelector('.tasks tr.spacer') === null
  })
  await page.screenshot({ path: `${OUTPUT}/${name}.png` })
  await page.setViewportSize(view)
}

function names(page: Page): Promise<string[]> {
  return page.locator('.tasks tr.row .name').allInnerTexts()
}

describe('the page of an OOM', { skip, timeout: 180_000 }, () => {
  const ends: End[] = []
  let browser: Browser
  let dashboard: Dashboard

  before(async () => {
    mkdirSync(OUTPUT, { recursive: true })
    const cleanup = { after: (end: End) => void ends.push(end) }
    dashboard = await startDashboard(cleanup)
    keepTicking(cleanup, dashboard)
    browser = await launchBrowser()
    ends.push(() => browser.close())
  })
  after(async () => {
    for (const end of [...ends].reverse()) await end()
  })

  /** As a visitor: the page needs no session. */
  async function open(options: BrowserContextOptions = {}, path = '/oom'): Promise<OpenPage> {
    const opened = await openPage(browser, options)
    await opened.page.goto(new URL(path, dashboard.web.url).href)
    await opened.page.waitForSelector('.oom-choose')
    return opened
  }

  async function show(page: Page, name: string, content: string | Buffer): Promise<void> {
    await drop(page, name, content)
    await page.waitForSelector('.oom-log')
  }

  test('a visitor drops a log: who was killed, and what the memory was', async () => {
    const { page, complaints } = await open()
    assert.match(await page.locator('.oom').innerText(), /Nothing of it is sent anywhere/)
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.method() !== 'GET') asked.push(`${request.method()} ${request.url()}`)
    })
    await show(page, '6.1-incident.log', readLab('6.1-incident.log'))
    assert.match(await page.locator('h1').innerText(), /leaker \(108\) was killed, rightly/)
    const legend = page.locator('.oom-legend')
    assert.match(await legend.locator('[data-part="anon"]').innerText(), /187 MiB\s+86 %/)
    assert.match(await legend.locator('[data-part="unaccounted"]').innerText(), /6\.6 MiB\s+3\.0 %/)
    const share = await page.evaluate(() => {
      const bar = document.querySelector('.oom-bar')?.getBoundingClientRect()
      const anon = document.querySelector('.oom-bar [data-part="anon"]')?.getBoundingClientRect()
      return (anon?.width ?? 0) / (bar?.width ?? 1)
    })
    assert.ok(share > 0.83 && share < 0.87, `anonymous memory has ${share} of the bar`)
    assert.match(await page.locator('.oom-actions code').first().innerText(), /^plimsoll watch/)
    assert.deepEqual(asked, [], 'nothing is sent')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('the table sorts by any column, and a thousand rows are not all made', async () => {
    const { page, complaints } = await open()
    await show(page, 'many.log', withTasks(1000))
    assert.equal((await names(page))[0], 'leaker')
    assert.match(
      await page.locator('.tasks').getAttribute('aria-rowcount').then(String),
      /^10\d\d$/,
    )
    assert.ok((await page.locator('.tasks tr.row').count()) < 100)
    await page.locator('.tasks th >> text=pid').click()
    await page.waitForURL(/sort=pid/)
    const pids = await page.locator('.tasks td.t-pid').allInnerTexts()
    assert.deepEqual(
      pids,
      [...pids].sort((a, b) => Number(a) - Number(b)),
    )
    await page.locator('.tasks th >> text=pid').click()
    await page.waitForURL(/reverse=1/)
    assert.equal(await page.locator('.tasks td.t-pid').first().innerText(), '1999')
    await page.keyboard.press('/')
    await page.keyboard.type('worker-77')
    await page.waitForFunction(() => document.querySelectorAll('.tasks tr.row').length === 11)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a line of the log is one click away, and is text whatever it holds', async () => {
    const { page, complaints } = await open()
    const log = readLab('6.1-incident.log').replaceAll('sleeper-0', '<img src=x>')
    await show(page, 'evil.log', log)
    assert.equal(await page.locator('.tasks th.t-name >> text=<img src=x>').count(), 1)
    await page.locator('.oom-who >> text=line 82').first().click()
    const line = page.locator('dialog.evidence li[aria-current]')
    assert.match(await line.innerText(), /^82\s*<3>.*Killed process 108 \(leaker\)/)
    const [at, list] = await Promise.all(
      ['dialog.evidence li[aria-current]', '.log-lines'].map((part) =>
        page.locator(part).boundingBox(),
      ),
    )
    assert.ok(at && list && at.y >= list.y && at.y + at.height <= list.y + list.height, 'in sight')
    assert.match(await page.locator('dialog.evidence').innerText(), /<img src=x>/)
    assert.equal(await page.locator('dialog.evidence img').count(), 0)
    await page.screenshot({ path: `${OUTPUT}/oom-evidence.png` })
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog.evidence', { state: 'hidden' })
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a storm is one picture; the address holds which report is shown', async () => {
    const { page, complaints } = await open()
    await show(page, 'storm.log', readLab('6.1-many-leakers.log'))
    assert.match(await page.locator('.oom-story').first().innerText(), /^3 kills in 3 s, 3 reports/)
    assert.equal(await page.locator('.kill-mark').count(), 3)
    assert.equal(await page.locator('.oom-reports li').count(), 3)
    await page.keyboard.press('j')
    await page.waitForURL(/#line-84$/)
    assert.match(await page.locator('h1').innerText(), /leaker \(112\) was killed/)
    await page.locator('.oom-reports a').nth(2).click()
    await page.waitForURL(/#line-156$/)
    assert.match(await page.locator('h1').innerText(), /leaker \(111\) was killed/)
    await page.click('text=worst first')
    await page.waitForURL(/order=worst#line-156$/)
    // A row that has just moved has no text before it is drawn.
    await page.waitForSelector('.oom-reports li:first-child >> text=leaker (111)')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a storm without end is cut, and what is left out is said', async () => {
    const { page, complaints } = await open()
    const figures = '(w) total-vm:9kB, anon-rss:9kB, file-rss:0kB'
    const kills = Array.from(
      { length: 6000 },
      (_, i) => `[${i}.000000] Out of memory: Killed process ${i + 7} ${figures}\n`,
    )
    await show(page, 'endless.log', kills.join(''))
    assert.equal(await page.locator('#reports-title').innerText(), '5000 reports')
    assert.match(await page.locator('.oom').innerText(), /without the last 1000 reports/)
    assert.ok((await page.locator('.kill-mark').count()) < 130)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('an address names the report before there is a log', async () => {
    const { page } = await open({}, '/oom#line-84')
    await show(page, 'storm.log', readLab('6.1-many-leakers.log'))
    assert.match(await page.locator('h1').innerText(), /leaker \(112\) was killed/)
    await page.context().close()
  })

  test('a log without an OOM, a damaged one, and what is no log', async () => {
    const { page, complaints } = await open()
    await show(page, 'quiet.log', 'Jun 20 12:47:02 host kernel: all is well\n')
    assert.match(await page.locator('h1').innerText(), /No OOM in quiet\.log/)
    assert.match(await page.locator('.empty').innerText(), /journalctl -k -b -1/)

    const incident = readLab('6.1-incident.log').split('\n')
    const kill = incident.find((line) => line.includes('Killed process')) ?? ''
    await drop(page, 'cut.log', `${kill}\n`)
    await page.waitForSelector('[data-missing]')
    assert.match(await page.locator('h1').innerText(), /leaker \(108\) was killed/)
    assert.ok((await page.locator('.oom-missing li').count()) > 1)
    await page.screenshot({ path: `${OUTPUT}/oom-damaged.png`, fullPage: true })

    await drop(page, 'photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3]))
    await page.waitForSelector('.failure')
    assert.match(await page.locator('.failure').innerText(), /it is not text/)
    await drop(page, 'system.journal', 'LPKSHHRH\0\0\0')
    await page.waitForSelector('.failure >> text=journalctl -k --file')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('gzip is unpacked, and a pack that breaks off gives what it has', async () => {
    const { page, complaints } = await open()
    const noise = 'Jun 20 12:47:02 host sshd[7]: session 7 closed\n'.repeat(200_000)
    const packed = gzipSync(readLab('6.1-incident.log') + noise)
    await show(page, 'kern.log.2.gz', packed)
    assert.match(await page.locator('h1').innerText(), /leaker \(108\) was killed/)
    assert.match(await page.locator('.oom-log').innerText(), /2000\d\d lines/)
    await drop(page, 'cut.gz', packed.subarray(0, packed.length - 100))
    await page.waitForSelector('.failure >> text=could not be read to its end')
    assert.match(await page.locator('h1').innerText(), /leaker \(108\) was killed/)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('pasted text is explained, too', async () => {
    const { page, complaints } = await open()
    await page.fill('textarea', readLab('6.12-cgroup-limit.log'))
    await page.click('button >> text=Explain')
    await page.waitForSelector('.oom-log')
    assert.match(await page.locator('h1').innerText(), /the group that is at its limit/)
    assert.match(await page.locator('#oom-memory-title').innerText(), /Memory of \/job/)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a command is copied with its names quoted, since a name may be a command itself', async () => {
    const { page, complaints } = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await show(page, 'evil.log', readLab('6.1-incident.log').replaceAll('leaker', '$(reboot)'))
    await page.locator('.copy').first().click()
    await page.waitForSelector('.copy >> text=copied')
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    assert.equal(copied, "plimsoll watch --filter '$(reboot)'")
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('a visitor finds it at the foot of every page', async () => {
    const { page, complaints } = await openPage(browser)
    await page.goto(dashboard.web.url)
    await page.click('footer >> text=Explain an OOM')
    await page.waitForSelector('.oom-choose')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test('who is logged in finds it in the navigation', async () => {
    const { page, complaints } = await openPage(browser)
    await logIn(page, dashboard)
    await page.click('nav >> text=OOM')
    await page.waitForSelector('.oom-choose')
    assert.equal(await page.locator('nav a[aria-current="page"]').innerText(), 'OOM')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  for (const [look, options] of [
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 780 } }],
  ] as const satisfies readonly (readonly [string, BrowserContextOptions])[]) {
    test(`nothing is wider than the page: ${look}`, async () => {
      const { page, complaints } = await openPage(browser, options)
      await logIn(page, dashboard)
      await page.goto(new URL('/oom', dashboard.web.url).href)
      await page.waitForSelector('.oom-choose')
      const fits = async (name: string): Promise<void> => {
        await takeWhole(page, `oom-${name}-${look}`)
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        assert.equal(overflow, 0, name)
      }
      await fits('empty')
      await show(page, '6.1-incident.log', readLab('6.1-incident.log'))
      await fits('incident')
      await show(page, '6.12-many-leakers.log', readLab('6.12-many-leakers.log'))
      await page.waitForSelector('.kill-mark')
      await fits('storm')
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
      await page.keyboard.press('j')
      await page.waitForURL(/#line-/)
      await show(page, '6.12-cgroup-limit.log', readLab('6.12-cgroup-limit.log'))
      await page.waitForSelector('#oom-memory-title >> text=/job')
      await fits('group')
      assert.deepEqual(complaints, [])
      await page.context().close()
    })
  }
})
