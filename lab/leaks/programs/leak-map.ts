/** @module A server whose sessions are put into a Map and never taken out: 6 MiB/s. */
import { begin, now, OBJECT_BYTES, takeObject } from './leak.ts'

const sessions = new Map<number, number[]>()

begin(() => {
  const wanted = (6 * 1024 * 1024 * now()) / OBJECT_BYTES
  while (sessions.size < wanted) sessions.set(sessions.size, takeObject(sessions.size))
})
