/** @module What the kernel's log said of each OOM, packed: the newest, as far as there is room. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { MIB } from '../../base/units.ts'
import type { Event } from '../../core/wire/records.ts'
import type { Store } from './store.ts'

/** Text of one; a table of fifteen thousand tasks takes that. */
const MAX_CHARS = 2 * MIB
/** All together, packed: a tenth of their text. */
const MAX_BYTES = 4 * MIB
/** What one answer may hold. */
const MAX_READ_CHARS = 16 * MIB

/** Packed before it waits for a disk that cannot be written. */
export function packLog(text: string): Uint8Array {
  return gzipSync(text.slice(0, MAX_CHARS))
}

export function writeOomLog(
  store: Store,
  { id, wallMs }: Pick<Event, 'id' | 'wallMs'>,
  packed: Uint8Array,
): void {
  store
    .sql('INSERT OR IGNORE INTO oom_log (event, wall_ms, body) VALUES (?, ?, ?)')
    .run(id, Math.round(wallMs), packed)
  store
    .sql(
      `DELETE FROM oom_log WHERE seq IN (SELECT seq FROM (
         SELECT seq, sum(length(body)) OVER (ORDER BY seq DESC) AS total FROM oom_log
       ) WHERE total > ?)`,
    )
    .run(MAX_BYTES)
}

/** Oldest first. */
export function readOomLogs(store: Store, fromMs: number, toMs: number): readonly string[] {
  const rows = store
    .sql('SELECT body FROM oom_log WHERE wall_ms BETWEEN ? AND ? ORDER BY wall_ms, seq')
    .iterate(Math.floor(fromMs), Math.ceil(toMs))
  const texts: string[] = []
  let chars = 0
  for (const { body } of rows) {
    const text = gunzipSync(body as Uint8Array).toString()
    chars += text.length
    if (chars > MAX_READ_CHARS) break
    texts.push(text)
  }
  return texts
}

/** Where a history in memory gives way to one on disk. */
export function copyOomLogs(from: Store, to: Store): void {
  const insert = to.sql('INSERT OR IGNORE INTO oom_log (event, wall_ms, body) VALUES (?, ?, ?)')
  const rows = from.sql('SELECT event, wall_ms, body FROM oom_log ORDER BY seq').all()
  for (const { event, wall_ms, body } of rows) {
    insert.run(String(event), Number(wall_ms), body as Uint8Array)
  }
}
