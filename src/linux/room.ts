/** @module How much memory the host has left, by a kept descriptor: read many times a second. */
import { parseRoom, type Room } from '../core/procfs/room.ts'
import { asciiBytes, findByte, NEWLINE, parseDecimal, startsWith } from '../core/procfs/scan.ts'
import { closeFile, openFile, readOpen } from './files.ts'

export interface RoomReader {
  /** Overwritten by each call; NaN: cannot be read. Cost: about 40 us. */
  read(): Readonly<Room>
  /** Processes that the OOM killer killed since boot (4.13 on); NaN: not told. Seldom: 100 us. */
  readOomKills(): number
  close(): void
}

const OOM_KILL = asciiBytes('oom_kill ')

export function openRoomReader(procRoot: string): RoomReader {
  const meminfo = openFile(`${procRoot}/meminfo`)
  const vmstat = openFile(`${procRoot}/vmstat`)
  const buffer = new Uint8Array(16_384)
  const room: Room = { totalBytes: Number.NaN, roomBytes: Number.NaN }
  return {
    read() {
      parseRoom(buffer, meminfo < 0 ? 0 : Math.max(0, readOpen(meminfo, buffer)), room)
      return room
    },
    readOomKills() {
      const length = vmstat < 0 ? 0 : Math.max(0, readOpen(vmstat, buffer))
      for (let start = 0; start < length; ) {
        if (startsWith(buffer, start, length, OOM_KILL)) {
          return parseDecimal(buffer, start + OOM_KILL.length, length)
        }
        const newline = findByte(buffer, NEWLINE, start, length)
        if (newline < 0) break
        start = newline + 1
      }
      return Number.NaN
    },
    close() {
      closeFile(meminfo)
      closeFile(vmstat)
    },
  }
}
