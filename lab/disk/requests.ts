/** @module What an NBD request does to the disk, and what it is answered with. */
import { messageOf } from '../../src/base/errors.ts'
import type { Result } from '../../src/base/result.ts'
import { SECTOR_BYTES } from './journal.ts'
import {
  COMMAND,
  COMMAND_FLAGS,
  encodeSimpleReply,
  NBD_ERROR,
  type NbdError,
  type Request,
} from './nbd.ts'
import type { RecordedDisk } from './recorded-disk.ts'

/** Proto.md, "Size constraints": no client is surprised that more is refused. */
export const MAX_PAYLOAD_BYTES = 2 ** 25

/** Carries out what was accepted, and says the answer. */
export type Completion = () => readonly Buffer[]

/** What is wrong with a request's numbers, or null. */
function findFault(request: Request, disk: RecordedDisk): NbdError | null {
  const { type, flags, offset, length } = request
  const allowed = COMMAND_FLAGS.fua | (type === COMMAND.writeZeroes ? COMMAND_FLAGS.noHole : 0)
  if ((flags & ~allowed) !== 0) return NBD_ERROR.invalid
  if (type === COMMAND.flush) {
    return offset === 0n && length === 0 ? null : NBD_ERROR.invalid
  }
  if (length === 0 || length % SECTOR_BYTES !== 0 || offset % BigInt(SECTOR_BYTES) !== 0n) {
    return NBD_ERROR.invalid
  }
  if (offset + BigInt(length) > BigInt(disk.sectors * SECTOR_BYTES)) {
    return type === COMMAND.read ? NBD_ERROR.invalid : NBD_ERROR.noSpace
  }
  return type === COMMAND.read && length > MAX_PAYLOAD_BYTES ? NBD_ERROR.invalid : null
}

/**
 * Records what is asked, so that a cut from now on may find it half done.
 * @param payload of a WRITE, of the length that the request says
 * @param log is told what a client cannot know: why the disk failed it
 */
export function acceptRequest(
  request: Request,
  payload: Buffer | null,
  disk: RecordedDisk,
  log: (line: string) => void,
): Completion {
  const answer = (error: NbdError): Buffer => encodeSimpleReply(request.cookie, error)
  const fault = findFault(request, disk)
  if (fault !== null) return () => [answer(fault)]

  function changeDisk(recorded: Result<() => void, string>): Completion {
    if (!recorded.ok) {
      log(recorded.error)
      return () => [answer(NBD_ERROR.noSpace)]
    }
    return () => {
      recorded.value()
      return [answer(NBD_ERROR.none)]
    }
  }

  const firstSector = Number(request.offset) / SECTOR_BYTES
  const sectors = request.length / SECTOR_BYTES
  const fua = (request.flags & COMMAND_FLAGS.fua) !== 0
  switch (request.type) {
    case COMMAND.read:
      return () => {
        try {
          return [answer(NBD_ERROR.none), disk.read(firstSector, sectors)]
        } catch (error) {
          log(`sector ${firstSector} could not be read: ${messageOf(error)}`)
          return [answer(NBD_ERROR.io)]
        }
      }
    case COMMAND.write:
      return changeDisk(disk.write(firstSector, sectors, payload, fua))
    case COMMAND.writeZeroes:
      return changeDisk(disk.write(firstSector, sectors, null, fua))
    case COMMAND.flush:
      return changeDisk(disk.flush())
    default:
      return () => [answer(NBD_ERROR.invalid)]
  }
}
