/** @module The kernel's command line: which parameters are there. The last of a name counts for most of them. */

export interface KernelArgument {
  readonly name: string
  /** `null`: it stands alone, as `quiet` does. */
  readonly value: string | null
}

/** Names are as they are written; what stands behind `--` is for init. */
export function parseKernelArguments(commandLine: string): readonly KernelArgument[] {
  const [own = ''] = commandLine.split(/\s--(?:\s|$)/)
  return own.split(/\s+/).flatMap((word) => {
    if (word === '') return []
    const at = word.indexOf('=')
    return [
      at < 0
        ? { name: word, value: null }
        : { name: word.slice(0, at), value: word.slice(at + 1).replace(/^"(.*)"$/, '$1') },
    ]
  })
}

export function lastArgument(
  given: readonly KernelArgument[],
  name: string,
): KernelArgument | undefined {
  return given.findLast((argument) => argument.name === name)
}

/** `1M`, `64k`, `0x100000` as the kernel reads sizes (lib/cmdline.c, memparse); `null` where it is none. */
export function parseMemory(text: string): number | null {
  const match = /^(0x[\da-f]+|\d+)([kmgt]?)/i.exec(text)
  if (match === null) return null
  const power = ['', 'k', 'm', 'g', 't'].indexOf((match[2] ?? '').toLowerCase())
  return Number(match[1]) * 1024 ** power
}
