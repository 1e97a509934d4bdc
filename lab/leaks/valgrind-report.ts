/** @module What valgrind's memcheck says of a heap at a program's exit, from its XML. Pure. */

export interface HeapShare {
  readonly bytes: number
  readonly blocks: number
}

/** Blocks that were never freed, by who still points to them (valgrind's manual, 4.2.8). */
export interface HeapAtExit {
  /** Nobody. */
  readonly definitelyLost: HeapShare
  /** Only blocks that are lost themselves. */
  readonly indirectlyLost: HeapShare
  /** Only pointers into their middle. */
  readonly possiblyLost: HeapShare
  /** Somebody: the program could have freed them. */
  readonly stillReachable: HeapShare
}

type HeapClass = keyof HeapAtExit

/** Names of docs/internals/xml-output-protocol4.txt (protocols 4 to 6). */
const CLASS_OF_KIND: ReadonlyMap<string, HeapClass> = new Map([
  ['Leak_DefinitelyLost', 'definitelyLost'],
  ['Leak_IndirectlyLost', 'indirectlyLost'],
  ['Leak_PossiblyLost', 'possiblyLost'],
  ['Leak_StillReachable', 'stillReachable'],
])

function textIn(xml: string, tag: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? ''
}

/** NaN for what is no count of bytes or blocks. */
function parseCount(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

/**
 * leakedbytes of a lost block is with what hangs from it, which is in records of its own as well; only
 * the words tell the two apart (memcheck/mc_errors.c, `Err_Leak`).
 */
function ownBytes(record: string): number {
  const direct = /\(([\d,]+) direct, [\d,]+ indirect\)/.exec(textIn(record, 'text'))?.[1]
  return parseCount(direct?.replaceAll(',', '') ?? textIn(record, 'leakedbytes'))
}

/**
 * Sums up the report of `--leak-check=full --show-leak-kinds=all --xml=yes`; errors that are no leaks
 * are passed over.
 * @returns `undefined` where it is no such report, or is cut off
 */
export function parseValgrindXml(xml: string): HeapAtExit | undefined {
  if (!/<protocoltool>memcheck</.test(xml) || !/<state>FINISHED</.test(xml)) return undefined
  if (!xml.trimEnd().endsWith('</valgrindoutput>')) return undefined
  const none: HeapShare = { bytes: 0, blocks: 0 }
  const heap: Record<HeapClass, HeapShare> = {
    definitelyLost: none,
    indirectlyLost: none,
    possiblyLost: none,
    stillReachable: none,
  }
  for (const [record] of xml.matchAll(/<error>.*?<\/error>/gs)) {
    const heapClass = CLASS_OF_KIND.get(textIn(record, 'kind'))
    if (heapClass === undefined) continue
    const bytes = ownBytes(record)
    const blocks = parseCount(textIn(record, 'leakedblocks'))
    if (Number.isNaN(bytes + blocks)) return undefined
    const before = heap[heapClass]
    heap[heapClass] = { bytes: before.bytes + bytes, blocks: before.blocks + blocks }
  }
  return heap
}
