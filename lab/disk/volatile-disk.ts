/** @module A disk for QEMU guests whose cache forgets in a power cut what was not flushed. */
import { chmodSync, closeSync, fstatSync, openSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'
import { GIB } from '../../src/base/units.ts'
import { serveConnection } from './connection.ts'
import type { ReadData } from './image-bytes.ts'
import { countUntil, type Journal, SECTOR_BYTES } from './journal.ts'
import { createJournalData, type JournalData } from './journal-data.ts'
import { createRecordedDisk } from './recorded-disk.ts'

export interface VolatileDiskOptions {
  /** A file of whole sectors, which is only read. It must stay as it is while the disk lives. */
  readonly baseImage: string
  /** A unix socket that is not there yet; beside it the journal finds its room. */
  readonly socketPath: string
  /** How many bytes of writes the journal may hold; 1 GiB where it is not said. */
  readonly journalLimitBytes?: number
  /** Hears why connections ended and writes failed; standard error where it is not said. */
  readonly log?: (line: string) => void
}

export interface VolatileDisk {
  readonly baseImage: string
  readonly socketPath: string
  readonly sizeBytes: number
  /** All that happened so far; it grows at its end. */
  journal(): Journal
  /** The bytes of the journal's writes. */
  readonly readData: ReadData
  /** Now, in ms since 1970, by a clock that never steps: that of the journal's events. */
  nowMs(): number
  /**
   * The power goes at `atMs`, or now: nothing happens to the disk, as it is for `imagesAfterCut` to say
   * what would be left. It may be cut as often as one likes.
   * @returns how many events of the journal came before
   * @throws PLM_LAB where the journal is not the whole truth, as it was full
   */
  cut(atMs?: number): number
  /** Ends all connections and forgets the journal; images are written before. */
  close(): Promise<void>
}

/** The map of a disk takes 4 bytes a sector, once all of them are written. */
const MAX_DISK_BYTES = 16 * GIB
const MAX_CONNECTIONS = 16

function failure(message: string, hint: string, cause?: unknown): PlimsollError {
  return new PlimsollError('PLM_LAB', message, { hint, cause })
}

function openBase(path: string): { readonly baseFd: number; readonly sizeBytes: number } {
  const hint = '`truncate -s 64M FILE` makes one.'
  try {
    const baseFd = openSync(path, 'r')
    const stats = fstatSync(baseFd)
    const { size } = stats
    if (stats.isFile() && size > 0 && size <= MAX_DISK_BYTES && size % SECTOR_BYTES === 0) {
      return { baseFd, sizeBytes: size }
    }
    closeSync(baseFd)
  } catch (error) {
    throw failure(`the base image ${path} cannot be read: ${messageOf(error)}`, hint, error)
  }
  const size = `a file of whole sectors of ${SECTOR_BYTES} bytes, ${MAX_DISK_BYTES} bytes at most`
  throw failure(`the base image ${path} is not ${size}`, hint)
}

function openJournal(directory: string, limitBytes: number): JournalData {
  try {
    return createJournalData(directory, limitBytes)
  } catch (error) {
    const hint = 'The socket must be in a directory that may be written.'
    throw failure(`no journal could be made in ${directory}: ${messageOf(error)}`, hint, error)
  }
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(path, resolve)
    })
    chmodSync(path, 0o600)
  } catch (error) {
    server.close()
    const hint =
      'Give a path of 107 bytes at most in a directory that is there; nothing may be at it.'
    throw failure(`no socket could be made at ${path}: ${messageOf(error)}`, hint, error)
  }
}

/**
 * Serves the base image over NBD, for reading and writing, until it is closed. Writes go to the journal
 * alone.
 * @throws PLM_LAB where the base image or the socket's place will not do
 */
export async function startVolatileDisk(options: VolatileDiskOptions): Promise<VolatileDisk> {
  const { baseImage, socketPath } = options
  const log = options.log ?? ((line) => console.error(`volatile disk: ${line}`))
  const nowMs = () => performance.timeOrigin + performance.now()
  const { baseFd, sizeBytes } = openBase(baseImage)
  using resources = new DisposableStack()
  resources.defer(() => closeSync(baseFd))

  const sockets = new Set<Socket>()
  const served = new Set<Promise<void>>()
  const data = openJournal(dirname(socketPath), options.journalLimitBytes ?? GIB)
  resources.defer(() => data.close())
  const disk = createRecordedDisk({ baseFd, sectors: sizeBytes / SECTOR_BYTES, data, nowMs })
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const end = serveConnection(socket, disk, log)
    served.add(end)
    void end.finally(() => served.delete(end))
  })
  server.maxConnections = MAX_CONNECTIONS
  await listen(server, socketPath)

  const owned = resources.move()
  return {
    baseImage,
    socketPath,
    sizeBytes,
    journal: () => disk.journal,
    readData: data.read,
    nowMs,
    cut(atMs = nowMs()) {
      const fault = disk.fault()
      if (fault === null) return countUntil(disk.journal, atMs)
      throw failure(
        `this cut would not tell the truth: ${fault}`,
        'Cut before, or give it more with journalLimitBytes.',
      )
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await Promise.all([closed, ...served])
      owned.dispose()
    },
  }
}
