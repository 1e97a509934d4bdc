/** @module A server with a cache of at most 150 MiB, full after 25 s, that then drops its oldest entries. */
import { begin, now, OBJECT_BYTES, takeObject } from './leak.ts'

const MAX_ENTRIES = (150 * 1024 * 1024) / OBJECT_BYTES
const cache = new Map<number, number[]>()
let requests = 0

begin(() => {
  for (; requests < (MAX_ENTRIES * now()) / 25; requests++) {
    cache.set(requests, takeObject(requests))
    if (cache.size > MAX_ENTRIES) cache.delete(requests - MAX_ENTRIES)
  }
})
