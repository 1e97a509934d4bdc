/** @module Headless Chromium of the system, for tests and pictures. */
import { existsSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** What no page may need longer for: a wait of a test ends by then, or fails. */
export const UNTIL_MS = 20_000

export const CHROMIUM = PLACES.find((path) => existsSync(path))

/** For `test(name, { skip }, ...)`: why browser tests cannot run here, or `false`. */
export const SKIP: string | false =
  CHROMIUM === undefined ? 'no Chromium here (apt-get install chromium)' : false

export function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('no Chromium here')
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--force-color-profile=srgb',
    ],
  })
}

export interface OpenPage {
  readonly page: Page
  /** What the page complained of: errors, refused requests, offences against its own policy. */
  readonly complaints: readonly string[]
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(UNTIL_MS)
  const complaints: string[] = []
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { page, complaints }
}
