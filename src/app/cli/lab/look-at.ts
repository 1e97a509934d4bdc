/** @module How a stream of this process looks. */
import { chooseLook, type Look } from '../watch/look.ts'

export function lookAt(stream: NodeJS.WriteStream): Look {
  return chooseLook({
    env: process.env,
    isTty: stream.isTTY === true,
    colourDepth: stream.isTTY ? stream.getColorDepth() : 1,
    utcOffsetMin: -new Date().getTimezoneOffset(),
  })
}
