/** @module What every Node program here needs; see leak.h for what LEAK_PACE means. */

const pace = Number(process.env.LEAK_PACE ?? 1)
let startMs = 0

/** Seconds of the program's own time since its first word. */
export function now(): number {
  return (pace * (performance.now() - startMs)) / 1000
}

/** Says its first word, then works every 20 ms of everybody's time. */
export function begin(work: () => void): void {
  startMs = performance.now()
  console.log('ready')
  setInterval(work, 20)
}

/** Ends as a program does that runs out of memory, where V8's heap limit does not hold. */
export function endAtBound(heldBytes: number): void {
  if (heldBytes > Number(process.env.LEAK_BOUND)) process.exit(12)
}

/** An object of 2 KiB on V8's heap: 8 bytes an element and a header. */
export function takeObject(seed: number): number[] {
  return new Array<number>(254).fill(seed)
}
export const OBJECT_BYTES = 2048
