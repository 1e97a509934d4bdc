/**
 * @module The images that a power cut may leave: all of them where they are few, else a choice of the
 * likely and the nasty ones. The same journal, cut and seed give the same images on any machine.
 */
import { createHash } from 'node:crypto'
import { pick, type Rng, whole } from '../traces/kit/rng.ts'
import { BASE, type Journal, type Segment, segmentsAfterCut, type Version } from './journal.ts'

/** Sectors that come from one write of the journal. */
export interface Extent {
  readonly firstSector: number
  readonly sectors: number
  readonly from: Version
}

/** What lies over the base image after a cut. */
export interface CutImage {
  /** What became of the writes that were not durable, for people. */
  readonly how: string
  /** In the order of the disk, without overlap. */
  readonly extents: readonly Extent[]
}

/** Of many loose sectors, neighbours share their fate, so that an image stays small. */
const MAX_PIECES = 4096
/** Proposals in a row that were all there before: then chance finds no more. */
const MAX_REPEATS = 200

/** The segments with a border at each of the sectors. */
function splitAt(segments: readonly Segment[], sectors: Iterable<number>): readonly Segment[] {
  const borders = [...sectors].sort((a, b) => a - b)
  return segments.flatMap((segment) => {
    const end = segment.firstSector + segment.sectors
    const inside = borders.filter((border) => border > segment.firstSector && border < end)
    const starts = [segment.firstSector, ...inside]
    return starts.map((firstSector, i) => ({
      ...segment,
      firstSector,
      sectors: (starts[i + 1] ?? end) - firstSector,
    }))
  })
}

/** The segments in pieces of `sectors` at most, those with one version as they are. */
function splitEvery(segments: readonly Segment[], sectors: number): readonly Segment[] {
  return segments.flatMap((segment) => {
    if (segment.loose.length === 0) return [segment]
    const pieces: Segment[] = []
    for (let done = 0; done < segment.sectors; done += sectors) {
      const left = Math.min(sectors, segment.sectors - done)
      pieces.push({ ...segment, firstSector: segment.firstSector + done, sectors: left })
    }
    return pieces
  })
}

function buildImage(
  how: string,
  segments: readonly Segment[],
  choose: (segment: Segment, index: number) => Version,
): CutImage {
  const extents: Extent[] = []
  segments.forEach((segment, index) => {
    const from = choose(segment, index)
    if (from === BASE) return
    const { firstSector, sectors } = segment
    const last = extents.at(-1)
    if (last?.from === from && last.firstSector + last.sectors === firstSector) {
      extents[extents.length - 1] = { ...last, sectors: last.sectors + sectors }
    } else {
      extents.push({ firstSector, sectors, from })
    }
  })
  return { how, extents }
}

/** The last of those that landed, in the order that they were asked for; else what is settled. */
function landed(segment: Segment, lands: (version: Version) => boolean): Version {
  return segment.loose.findLast(lands) ?? segment.settled
}

function choicesOf({ settled, loose }: Segment): readonly Version[] {
  return [settled, ...loose]
}

/** How many images there are, or Infinity where they are more than `most`. */
export function countImages(segments: readonly Segment[], most: number): number {
  let images = 1
  for (const { sectors, loose } of segments) {
    if (loose.length === 0) continue
    // Two versions of 64 sectors are more than any bound.
    images *= (1 + loose.length) ** Math.min(sectors, 64)
    if (images > most) return Number.POSITIVE_INFINITY
  }
  return images
}

function* everyImage(segments: readonly Segment[], images: number): Generator<CutImage> {
  const sectors = splitEvery(segments, 1)
  for (let image = 0; image < images; image++) {
    let rest = image
    yield buildImage(`image ${image} of ${images}`, sectors, (segment) => {
      const choices = choicesOf(segment)
      const version = choices[rest % choices.length] as Version
      rest = Math.floor(rest / choices.length)
      return version
    })
  }
}

type Proposal = (segments: readonly Segment[], writes: readonly Version[], rng: Rng) => CutImage

/** As if the disk kept the order of writes, and the cut came between two of them. */
const proposePrefix: Proposal = (segments, writes, rng) => {
  const last = pick(rng, writes)
  return buildImage(`writes up to ${last}`, segments, (segment) =>
    landed(segment, (version) => version <= last),
  )
}

/** Later writes are there and an earlier one is not: what code that forgets a flush trips over. */
const proposeWithoutWrite: Proposal = (segments, writes, rng) => {
  const missing = pick(rng, writes)
  return buildImage(`all but write ${missing}`, segments, (segment) =>
    landed(segment, (version) => version !== missing),
  )
}

function pickLooseSector(segments: readonly Segment[], rng: Rng): number {
  const { firstSector, sectors } = pick(
    rng,
    segments.filter(({ loose }) => loose.length > 0),
  )
  return whole(rng, firstSector, firstSector + sectors - 1)
}

const proposeWithoutSector: Proposal = (segments, _writes, rng) => {
  const missing = pickLooseSector(segments, rng)
  return buildImage(
    `all but sector ${missing}`,
    splitAt(segments, [missing, missing + 1]),
    (segment) => landed(segment, () => segment.firstSector !== missing),
  )
}

/** All before a write is there, none after it, and of the write itself one end only. */
const proposeTorn: Proposal = (segments, writes, rng) => {
  const torn = pick(rng, writes)
  const own = segments.filter(({ loose }) => loose.includes(torn))
  const border = pickLooseSector(own, rng)
  const keepsHead = rng() < 0.5
  return buildImage(
    `writes before ${torn}, and of it what lies ${keepsHead ? 'before' : 'from'} sector ${border}${keepsHead ? '' : ' on'}`,
    splitAt(segments, [border]),
    (segment) =>
      landed(
        segment,
        (version) =>
          version < torn || (version === torn && segment.firstSector < border === keepsHead),
      ),
  )
}

/** Every sector for itself; once most land, once few. */
const proposeSectors: Proposal = (segments, _writes, rng) => {
  const loose = segments.reduce((sum, each) => sum + (each.loose.length > 0 ? each.sectors : 0), 0)
  const kept = pick(rng, [0.1, 0.5, 0.9])
  return buildImage(
    `sectors at random, ${kept * 100} % kept back`,
    splitEvery(segments, Math.ceil(loose / MAX_PIECES)),
    (segment) => (rng() < kept ? segment.settled : pick(rng, choicesOf(segment))),
  )
}

/** Whole writes, each for itself: what a disk does that reorders but does not tear. */
const proposeWrites: Proposal = (segments, writes, rng) => {
  const share = pick(rng, [0.2, 0.5, 0.8])
  const lands = new Set(writes.filter(() => rng() < share))
  return buildImage(`writes at random, ${share * 100} % landed`, segments, (segment) =>
    landed(segment, (version) => lands.has(version)),
  )
}

const PROPOSALS: readonly Proposal[] = [
  proposePrefix,
  proposeWithoutWrite,
  proposeWithoutSector,
  proposeTorn,
  proposeSectors,
  proposeWrites,
]

/** None and all come first, then one of each kind in turn, for ever. */
function* proposeImages(segments: readonly Segment[], rng: Rng): Generator<CutImage> {
  const writes = [...new Set(segments.flatMap(({ loose }) => loose))].sort((a, b) => a - b)
  yield buildImage('none', segments, ({ settled }) => settled)
  yield buildImage('all', segments, (segment) => Math.max(...choicesOf(segment)))
  while (true) {
    for (const propose of PROPOSALS) yield propose(segments, writes, rng)
  }
}

function keyOf({ extents }: CutImage): string {
  const hash = createHash('sha256')
  for (const { firstSector, sectors, from } of extents)
    hash.update(`${firstSector} ${sectors} ${from},`)
  return hash.digest('base64')
}

function* keepDistinct(
  images: Iterable<CutImage>,
  count: number,
  seen: Set<string>,
): Generator<CutImage> {
  let repeats = 0
  for (const image of images) {
    if (seen.size >= count || repeats > MAX_REPEATS) return
    const key = keyOf(image)
    repeats = seen.has(key) ? repeats + 1 : 0
    if (repeats > 0) continue
    seen.add(key)
    yield image
  }
}

/**
 * Images that may be on the disk if the power goes after the first `cutAt` events: every one where they
 * are `count` at most, else `count` different ones, beginning with none and all of the writes that were
 * not durable.
 */
export function* imagesAfterCut(
  journal: Journal,
  cutAt: number,
  rng: Rng,
  count: number,
): Generator<CutImage> {
  const segments = segmentsAfterCut(journal, cutAt)
  const images = countImages(segments, Number.MAX_SAFE_INTEGER)
  if (images <= count) return yield* everyImage(segments, images)
  const seen = new Set<string>()
  yield* keepDistinct(proposeImages(segments, rng), count, seen)
  // Chance does not find the last few of not many: then they are looked for in their order.
  if (seen.size < count && Number.isFinite(images)) {
    for (const image of everyImage(segments, images)) {
      if (seen.size >= count) return
      const key = keyOf(image)
      if (seen.has(key)) continue
      seen.add(key)
      yield image
    }
  }
}
