/** @module A made-up host's /proc and /sys below a directory, for the web process to read as those of its host. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { treeOf } from '../../src/app/cli/doctor/save-tree.ts'
import type { FixtureHost } from '../../src/core/console/hosts.fixture.ts'
import { readingOf } from '../../src/core/console/hosts.fixture.ts'

/** Writes it where others may read it, too; returns its /proc. */
export function writeHostTree(directory: string, host: FixtureHost): string {
  for (const [path, text] of treeOf(readingOf(host))) {
    const file = join(directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return join(directory, 'proc')
}
