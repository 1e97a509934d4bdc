/**
 * @module What the doctor says of a guest is what its next OOM is like: it audits files that the guest told before,
 * and the report on the line afterwards has the bytes that it counted, and takes the time.
 */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { KernelVersion } from '../../lab/archive/kernels.ts'
import { findReports, longestStallMs } from '../../lab/machine/felt.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { incident } from '../../lab/scenarios/incident.ts'
import { costOfPrinting, factsOf } from '../../src/core/console/facts.ts'
import { verdictOf } from '../../src/core/console/verdict.ts'
import { readForDoctor } from '../../src/linux/console-reading.ts'
import { SOURCES } from '../../src/linux/console-sources.ts'
import { play } from './play.ts'

const SETTING = { tasks: 40, baud: 38_400, memoryMib: 256, sysctls: {} } as const
const MARK = '@@ '
/**
 * Who asks in a system call, and not by a fault, has a trace that is a dozen lines longer: a tenth of a
 * report that is as short as this one.
 */
const BYTES_WITHIN = 0.15
/** A bystander waits for the report, and for reclaim before and after it; less where it needs nothing at first. */
const LONGEST_OVER_MS = 1500

/** The guest with lines that tell its files, where its leak would begin. */
function tellingFiles(guest: Guest): Guest {
  const paths = SOURCES.filter(({ path }) => /^\/(proc|sys)\//.test(path)).map(({ path }) => path)
  const tell = `for f in ${paths.join(' ')} /proc/cmdline /proc/[0-9]*/status; do [ -f $f ] && echo "${MARK}$f" && cat $f; done`
  const at = guest.script.indexOf('tell leak')
  return { ...guest, script: [...guest.script.slice(0, at), tell, ...guest.script.slice(at)] }
}

/** Files as a guest told them, below a directory. */
function writeTold(talk: readonly string[], directory: string): void {
  let path: string | undefined
  const files = new Map<string, string>()
  for (const line of talk) {
    if (line.startsWith(MARK)) {
      path = line.slice(MARK.length)
      files.set(path, '')
    } else if (path !== undefined) files.set(path, `${files.get(path)}${line}\n`)
  }
  for (const [name, text] of files) {
    if (!/^\/(proc|sys)\/[\w./:-]+$/.test(name)) continue
    mkdirSync(join(directory, dirname(name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
}

for (const version of ['5.10', '6.1', '6.12'] as const satisfies readonly KernelVersion[]) {
  test(`${version}: the report has the bytes that the doctor counted before, and takes their time`, async (t) => {
    const run = await play(t, version, (kernel) =>
      tellingFiles(incident.guest({ ...SETTING, kernel })),
    )
    if (run === null) return
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-told-'))
    try {
      writeTold(run.talk, directory)
      const facts = factsOf(readForDoctor(directory))
      const verdict = verdictOf(facts)
      const [report] = findReports(run.consoles[0] ?? [])
      const counted = costOfPrinting(facts)?.nominal.consoles.find(({ bytes }) => bytes > 0)?.bytes
      assert.ok(report !== undefined && counted !== undefined && verdict.nominalMs !== null)
      const stallMs = longestStallMs(run.events, 'heartbeat')
      t.diagnostic(
        `counted ${counted} bytes, ${report.bytes} on the line; said ${Math.round(verdict.nominalMs)} ms, a bystander stood still for ${Math.round(stallMs)}`,
      )
      assert.ok(Math.abs(counted / report.bytes - 1) < BYTES_WITHIN)
      assert.equal(verdict.state, 'nominal')
      const lineMs = report.toMs - report.fromMs
      assert.ok(Math.abs(lineMs / verdict.nominalMs - 1) < 0.25, `${lineMs} ms on the line`)
      assert.ok(stallMs < verdict.nominalMs + LONGEST_OVER_MS, `${stallMs} ms`)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
}
