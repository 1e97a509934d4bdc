/** @module Logs in to the dashboard of a guest and asks for its OOMs until there is one; the document on one line. */
import { readFileSync } from 'node:fs'
import type { OomsDocument } from '../../src/core/wire/api.ts'

const TRIES = 200
const EVERY_MS = 100

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, EVERY_MS))
}

async function ask(loginFile: string): Promise<OomsDocument> {
  const address = new URL(readFileSync(loginFile, 'utf8').trim())
  const login = await fetch(address, { redirect: 'manual' })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  for (let tries = 0; ; tries++) {
    const answer = await fetch(new URL('/api/v1/ooms', address), { headers: { cookie } })
    const document = (await answer.json()) as OomsDocument
    if (document.events.length > 0 || tries >= TRIES) return document
    await pause()
  }
}

const [loginFile = ''] = process.argv.slice(2)
console.log(JSON.stringify({ event: 'ooms', ...(await ask(loginFile)) }))
