/** @module A server whose requests live 2 s, 20 MiB of them a second: the collector saws, its floor is flat. */
import { begin, now, OBJECT_BYTES, takeObject } from './leak.ts'

const PER_SEC = (20 * 1024 * 1024) / OBJECT_BYTES
const inFlight: number[][] = []
let requests = 0

begin(() => {
  for (; requests < PER_SEC * now(); requests++) {
    inFlight[requests % (2 * PER_SEC)] = takeObject(requests)
  }
})
