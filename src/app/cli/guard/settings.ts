/** @module What of the configuration is the guard's, as the command line reads it. */

import type { Rules } from '../../../core/guard/rules.ts'
import { readConfig } from '../../../io/config/read.ts'
import type { Config } from '../../../io/config/table.ts'

export function readGuardConfig(file: string | undefined): Config {
  return readConfig(file, { uid: process.getuid?.() ?? 0, env: process.env }).config
}

export function rulesOf({ guard }: Config): Rules {
  return { protect: guard.protect, prefer: guard.prefer, avoid: guard.avoid }
}
