/** @module Who would have to go, in a guest with a real kernel: a healthy process that is larger beside a leak. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kernel } from '../../lab/archive/kernels.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { NO_RULES } from '../../src/core/guard/rules.ts'
import { guardFlags } from '../../src/io/guard/node-flags.ts'
import { GUARD_DEFAULTS } from '../../src/io/guard/settings.ts'
import { play, told } from './play.ts'
import { plimsollFiles } from './plimsoll-files.ts'

const SOCKET = '/run/plimsoll/guard.sock'

/** As small as the reference of all guards: 512 MiB, of which a database holds 200. */
async function guest(kernel: Kernel, mibPerSec: number): Promise<Guest> {
  const flags = guardFlags(GUARD_DEFAULTS.maxSeries).join(' ')
  const settings = { socketPath: SOCKET, intervalMs: 500, victims: { rules: NO_RULES } }
  return {
    kernel,
    root: 'ext4',
    memoryMib: 512,
    cpus: 2,
    consoles: [],
    files: [
      ...(await nodeFiles()),
      ...(await plimsollFiles()),
      { path: 'etc/guard.json', from: { text: JSON.stringify(settings) } },
    ],
    script: [
      'grow database 0 200 & database=$!',
      `until [ "$(awk '/^VmRSS/ { print int($2 / 1024) }' /proc/$database/status)" -ge 200 ]; do sleep 0.1; done`,
      `node ${flags} /opt/plimsoll/dist/guard.cjs --settings /etc/guard.json 2> /run/guard-says & guard=$!`,
      `until [ -S ${SOCKET} ]; do kill -0 $guard || { cat /run/guard-says; exit; }; sleep 0.1; done`,
      'sleep 2',
      `grow leaker ${mibPerSec} & leaker=$!`,
      // Whoever goes first: what was said until then was said in time.
      'while kill -0 $database && kill -0 $leaker; do sleep 0.05; done 2> /dev/null',
      'cp /run/guard-says /run/said-in-time',
      'if kill -0 $leaker 2> /dev/null; then died=database; else died=leaker; fi',
      'kill -9 $leaker $database $guard 2> /dev/null; wait',
      'tell ended "\\"died\\":\\"$died\\",\\"leaker\\":$leaker,\\"database\\":$database"',
      'cat /run/said-in-time',
    ],
  }
}

for (const mibPerSec of [20, 50]) {
  test(`6.1: the leaker at ${mibPerSec} MiB/s would have to go, and not the larger database`, async (t) => {
    const run = await play(t, '6.1', (kernel) => guest(kernel, mibPerSec))
    if (run === null) return
    const { died, leaker } = told(run, 'ended')
    const said = run.talk.join('\n')
    t.diagnostic(`the kernel ended ${died}; the guard had said: ${said}`)
    const decisions = run.talk.filter((line) => line.includes('PLM_DECISION'))
    assert.equal(decisions.length, 1, said)
    assert.match(decisions[0] ?? '', new RegExp(`: leaker ${leaker} would have to go`))
  })
}
