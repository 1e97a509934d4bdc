/**
 * @module Writes the hosts of the doctor's tests as trees: `node scripts/doctor-trees.ts DIR`, then
 * `plimsoll doctor --root DIR/bare-metal`.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { saveTree } from '../src/app/cli/doctor/save-tree.ts'
import type { HostName } from '../src/core/console/hosts.fixture.ts'
import { HOSTS, readingOf } from '../src/core/console/hosts.fixture.ts'

/** One tree of each host below `directory`, which must not hold them yet. */
export function writeTrees(directory: string): void {
  mkdirSync(directory, { recursive: true })
  for (const name of Object.keys(HOSTS) as HostName[]) {
    saveTree(readingOf(HOSTS[name]), join(directory, name))
  }
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2)
  if (directory === undefined) throw new Error('usage: node scripts/doctor-trees.ts DIR')
  writeTrees(directory)
}
