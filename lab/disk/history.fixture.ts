/**
 * @module Random histories of a small disk, and what each left on its medium, worked out by a disk with a
 * cache that writes back when it likes: the way a disk works, not the rule that is tested.
 */
import fc from 'fast-check'
import { BASE, type DiskEvent, type Journal, type Version } from './journal.ts'

export const DISK_SECTORS = 5
/** Where the bytes of a write begin: the write can be told from any of its data's sectors. */
export const DATA_STRIDE = 8

const step = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    firstSector: fc.nat({ max: DISK_SECTORS - 1 }),
    sectors: fc.integer({ min: 1, max: 3 }),
    fua: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('flush' as const) }),
  fc.record({ kind: fc.constant('answer' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('write back' as const), which: fc.nat() }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

export interface History {
  readonly journal: Journal
  /** What each sector of the medium holds. */
  readonly medium: readonly Version[]
}

/** A sector in the cache. */
interface Cached {
  readonly version: Version
  readonly sector: number
}

function createCachingDisk() {
  const journal: DiskEvent[] = []
  const medium = new Array<Version>(DISK_SECTORS).fill(BASE)
  const answeredAt = new Map<number, number>()
  /** Asked and not yet answered, with what the answer has to wait for. */
  const open = new Map<number, readonly Cached[]>()
  let cache: readonly Cached[] = []

  function isOlder(first: Version, second: Version): boolean {
    return (answeredAt.get(first) ?? Number.POSITIVE_INFINITY) < second
  }
  /** What is older than what is now on the medium is of no use any more. */
  function writeBack(chosen: readonly Cached[]): void {
    for (const entry of chosen) {
      if (!cache.includes(entry)) continue
      medium[entry.sector] = entry.version
      cache = cache.filter(
        (other) =>
          other !== entry &&
          !(other.sector === entry.sector && isOlder(other.version, entry.version)),
      )
    }
  }

  return {
    journal,
    medium,
    write(firstSector: number, sectors: number, fua: boolean) {
      const place = journal.length
      const dataSector = place * DATA_STRIDE
      journal.push({ kind: 'write', atMs: place, firstSector, sectors, fua, dataSector })
      const own = Array.from({ length: sectors }, (_, i) => ({
        version: place,
        sector: firstSector + i,
      }))
      cache = [...cache, ...own]
      open.set(place, fua ? own : [])
    },
    flush() {
      const place = journal.push({ kind: 'flush', atMs: journal.length }) - 1
      open.set(
        place,
        cache.filter(({ version }) => answeredAt.has(version)),
      )
    },
    answer(which: number) {
      const asked = [...open]
      const [of, waitsFor] = asked[which % asked.length] ?? [BASE, []]
      if (of === BASE) return
      writeBack(waitsFor)
      open.delete(of)
      answeredAt.set(of, journal.length)
      journal.push({ kind: 'done', atMs: journal.length, of })
    },
    writeBackOne(which: number) {
      if (cache.length > 0) writeBack([cache[which % cache.length] as Cached])
    },
  }
}

function run(steps: readonly Step[]): History {
  const disk = createCachingDisk()
  for (const each of steps) {
    if (each.kind === 'flush') disk.flush()
    else if (each.kind === 'answer') disk.answer(each.which)
    else if (each.kind === 'write back') disk.writeBackOne(each.which)
    else {
      const sectors = Math.min(each.sectors, DISK_SECTORS - each.firstSector)
      disk.write(each.firstSector, sectors, each.fua)
    }
  }
  return disk
}

export const history: fc.Arbitrary<History> = fc.array(step, { maxLength: 24 }).map(run)
