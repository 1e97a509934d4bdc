/** @module What ldd(1) prints: the libraries that a program is loaded with. Pure. */

/**
 * Paths of the libraries and of the loader. What the kernel itself maps (linux-vdso) has none.
 * `missing`: names that were not found.
 */
export function parseLdd(text: string): { readonly paths: string[]; readonly missing: string[] } {
  const paths: string[] = []
  const missing: string[] = []
  for (const line of text.split('\n')) {
    const found = /^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)
    if (found?.[1] !== undefined) paths.push(found[1])
    const lost = /^\s*(\S+) => not found$/.exec(line)
    if (lost?.[1] !== undefined) missing.push(lost[1])
  }
  return { paths, missing }
}
