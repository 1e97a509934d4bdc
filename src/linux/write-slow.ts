/**
 * @module Writes that may wait for a console, off the main thread (libuv's pool): /dev/kmsg, and a UART's
 * place among the consoles. Never an exception: what went wrong is a clause.
 */
import { close, constants, open, read, write } from 'node:fs'

/** Never O_CREAT: where a device is not there, no file is made in its place. */
const FLAGS = { w: constants.O_WRONLY, a: constants.O_WRONLY | constants.O_APPEND }

/** Opens, writes once (at the end, with 'a') and closes. @returns what went wrong; `null`: nothing */
export function writeSlow(
  path: string,
  text: string,
  how: keyof typeof FLAGS,
): Promise<string | null> {
  return new Promise((resolve) => {
    open(path, FLAGS[how], (openError, fd) => {
      if (openError !== null) return resolve(openError.message)
      // Null: no position, which a device does not have.
      write(fd, text, null, (writeError) => close(fd, () => resolve(writeError?.message ?? null)))
    })
  })
}

/** The beginning of a small file, 4 KiB at most; `null`: cannot be read. */
export function readSlow(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    open(path, 'r', (openError, fd) => {
      if (openError !== null) return resolve(null)
      const buffer = Buffer.alloc(4096)
      read(fd, buffer, 0, buffer.length, null, (error, length) =>
        close(fd, () => resolve(error === null ? buffer.toString('latin1', 0, length) : null)),
      )
    })
  })
}
