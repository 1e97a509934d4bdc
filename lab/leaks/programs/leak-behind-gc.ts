/**
 * @module A server whose requests live 2 s, 20 MiB of them a second, which makes the collector saw;
 * below that it keeps 5 MiB/s for ever.
 */
import { begin, now, OBJECT_BYTES, takeObject } from './leak.ts'

const PER_SEC = (20 * 1024 * 1024) / OBJECT_BYTES
const KEPT_PER_SEC = (5 * 1024 * 1024) / OBJECT_BYTES
const inFlight: number[][] = []
const kept: number[][] = []
let requests = 0

begin(() => {
  for (; requests < PER_SEC * now(); requests++) {
    inFlight[requests % (2 * PER_SEC)] = takeObject(requests)
  }
  while (kept.length < KEPT_PER_SEC * now()) kept.push(takeObject(kept.length))
})
