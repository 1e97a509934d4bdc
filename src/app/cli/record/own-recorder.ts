/** @module Where this user's agent records. */
import { readConfig } from '../../../io/config/read.ts'
import { placesOf } from '../agent/places.ts'

/** By its configuration. @throws PLM_CONFIG */
export function ownRecorder(): string {
  const owner = { uid: process.getuid?.() ?? 0, env: process.env }
  return placesOf(readConfig(undefined, owner).config, owner).recorderFile
}
