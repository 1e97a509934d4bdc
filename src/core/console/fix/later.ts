/** @module Files of others that are read after ours and set the same: theirs counts at the next start. */
import type { Reading } from '../reading.ts'
import { filesLike } from '../reading.ts'
import type { Block, DropInKind } from './drop-in.ts'
import { DROP_INS, keysOf } from './drop-in.ts'

/** Of sysctls examine.ts tells it in the finding's advice; tmpfiles are not read. */
const FOLDERS: Readonly<Partial<Record<DropInKind, RegExp>>> = {
  journald: /\/systemd\/journald\.conf\.d\/[^/]+\.conf$/,
  systemd: /\/systemd\/system\.conf\.d\/[^/]+\.conf$/,
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** In sentences. */
export function laterFiles(
  reading: Pick<Reading, 'files'>,
  kind: DropInKind,
  block: Block,
): readonly string[] {
  const folder = FOLDERS[kind]
  if (folder === undefined) return []
  const later = filesLike(reading, folder).filter(
    ([path]) => baseName(path) > baseName(DROP_INS[kind]),
  )
  return keysOf(block).flatMap((key) =>
    later
      .filter(([, text]) => new RegExp(`^\\s*${key}\\s*=`, 'm').test(text))
      .map(([path]) => `${path} sets ${key} too, and counts: change it there.`),
  )
}
