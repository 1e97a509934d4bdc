/** @module A server that adds a listener for each request, whose closure keeps the request: 5 MiB/s. */
import { EventEmitter } from 'node:events'
import { begin, now, OBJECT_BYTES, takeObject } from './leak.ts'

const bus = new EventEmitter()
bus.setMaxListeners(0)
let requests = 0

function answer(): void {
  const request = takeObject(requests++)
  bus.on('shutdown', () => request.fill(0))
}

begin(() => {
  while (requests < (5 * 1024 * 1024 * now()) / OBJECT_BYTES) answer()
})
