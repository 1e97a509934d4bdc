/** @module Large logs to measure with: made of the same seed each time. */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const LAB = join(import.meta.dirname, '../../lab/scenarios/logs')

function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

type Say = (random: (below: number) => number) => string

/** What a busy server logs, words like "kill" among it. */
const SAYINGS: readonly Say[] = [
  (r) =>
    `sshd[${r(30_000)}]: Accepted publickey for u${r(50)} from 10.0.${r(255)}.${r(255)} port ${r(65_535)} ssh2: RSA SHA256:${r(1e9).toString(36)}`,
  (r) => `systemd[1]: Started session-${r(9999)}.scope - Session ${r(9999)} of user root.`,
  (r) =>
    `kernel: [${r(9e6)}.${100_000 + r(899_999)}] [UFW BLOCK] IN=eth0 OUT= SRC=1.2.3.${r(255)} DST=10.0.0.1 LEN=40 TTL=${r(255)} ID=${r(65_535)} PROTO=TCP SPT=${r(65_535)} DPT=${r(65_535)} WINDOW=1024 SYN URGP=0`,
  (r) => `CRON[${r(30_000)}]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)`,
  (r) =>
    `nginx: 10.1.${r(255)}.${r(255)} - - "GET /api/v1/items/${r(1e9)} HTTP/1.1" 200 ${r(99_999)} "-" "Mozilla/5.0 (X11; Linux x86_64)"`,
  (r) =>
    `dockerd[812]: time="2026-05-0${1 + r(9)}" level=info msg="Container failed to exit within 10s of signal 15, killing it"`,
]

/** `bytes` of syslog lines, and `reports` in it at even distances. */
export function writeNoise(path: string, bytes: number, reports: readonly string[]): void {
  const random = randomOf(20_261_125)
  const fd = openSync(path, 'w')
  let size = 0
  let told = 0
  for (let line = 0; size < bytes; ) {
    const lines: string[] = []
    for (let i = 0; i < 10_000; i++, line++) {
      const stamp = new Date(1.77e12 + line * 100).toISOString()
      lines.push(`${stamp} host ${SAYINGS[random(SAYINGS.length)]?.(random)}`)
    }
    if (size > ((told + 0.5) / reports.length) * bytes) lines.push(reports[told++] ?? '')
    size += writeSync(fd, `${lines.join('\n')}\n`)
  }
  closeSync(fd)
}

/** Reports of real kernels, as the lab recorded them. */
export function labLogs(): readonly string[] {
  return readdirSync(LAB)
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join(LAB, name), 'utf8').trimEnd())
}

/** Nothing but reports, `bytes` of them. */
export function writeReports(path: string, bytes: number): void {
  const text = `${labLogs().join('\n')}\n`
  const fd = openSync(path, 'w')
  for (let size = 0; size < bytes; ) size += writeSync(fd, text)
  closeSync(fd)
}
