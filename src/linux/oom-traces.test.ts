import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readOomTraces } from './oom-traces.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-traces-'))
after(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}

test('counters and what a crash left are read, and what is not there is null', () => {
  assert.deepEqual(readOomTraces(root, '/system.slice/a.service'), {
    hostKills: null,
    groupKills: null,
    crashFiles: [],
  })
  write('proc/vmstat', 'drop_slab 0\noom_kill 12\noom_kill_other 3\n')
  const events = 'low 0\nhigh 0\nmax 41\noom 3\noom_kill 2\noom_group_kill 0\n'
  write('sys/fs/cgroup/system.slice/a.service/memory.events', events)
  write('sys/fs/pstore/dmesg-efi-2', '')
  write('sys/fs/pstore/dmesg-efi-1', '')
  assert.deepEqual(readOomTraces(root, '/system.slice/a.service'), {
    hostKills: 12,
    groupKills: 2,
    crashFiles: ['dmesg-efi-1', 'dmesg-efi-2'],
  })
  assert.equal(readOomTraces(root, null).groupKills, null)
})
