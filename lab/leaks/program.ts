/** @module What a program of the laboratory is, and what is true of it. */

export const LANGUAGES = ['c', 'c++', 'node', 'python', 'java'] as const
export type Language = (typeof LANGUAGES)[number]

/** What is true of a program, so that a verdict on it can be told right from wrong. */
export interface Truth {
  /** Whether it is a harmful leak: it grows without bound for as long as it lives. */
  readonly leaking: boolean
  /** What grows: a kind of memory, or what is counted; `null` where nothing does. */
  readonly kind: 'anon' | 'file' | 'shmem' | 'threads' | 'fds' | null
  /**
   * Bytes a second once it leaks, as the subject's own figures show them: with what the allocator and
   * the runtime add. 0 where no memory leaks.
   */
  readonly rateBytesPerSec: number
  /** Seconds from its first word until the leak begins; `null` where there is none. */
  readonly onsetSec: number | null
}

export interface LeakProgram {
  readonly name: string
  readonly language: Language
  /** File in programs/. */
  readonly source: string
  /** What it is started with. */
  readonly args?: readonly string[]
  /**
   * Whose memory it is: of the one process, of a service whose processes come and go, or of the host's
   * /dev/shm, since the file's pages are in no process' figures.
   */
  readonly subject: 'process' | 'service' | 'tmpfs'
  /** What it may take at most, and so the limit that it is judged by. */
  readonly boundBytes: number
  /** The limit of the runtime's heap, where that is not the bound. */
  readonly heapBytes?: number
  /** Bytes of address space that it maps for each byte that it touches; 1 where it is not said. */
  readonly sparseness?: number
  readonly truth: Truth
  /** One sentence: what real trouble, or what harmless habit, it imitates. */
  readonly imitates: string
}

/** Whether memory leaks: a leak of descriptors is one too, but nothing that is judged by bytes. */
export function leaksMemory({ leaking, rateBytesPerSec }: Truth): boolean {
  return leaking && rateBytesPerSec > 0
}

/**
 * The truth at another pace: what takes time takes less of it.
 * @param pace how many times as fast the program's own time runs, above 0
 */
export function truthAtPace(truth: Truth, pace: number): Truth {
  return {
    ...truth,
    rateBytesPerSec: truth.rateBytesPerSec * pace,
    onsetSec: truth.onsetSec === null ? null : truth.onsetSec / pace,
  }
}
