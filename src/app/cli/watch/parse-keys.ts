/** @module Bytes from a terminal in raw mode -> keys. A character is a key, any other has a name. */

/** After CSI (ECMA-48) or SS3, as xterm, VTs and the kernel's console send them. */
const SEQUENCES: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '4~': 'end',
  '7~': 'home',
  '8~': 'end',
  '5~': 'pageup',
  '6~': 'pagedown',
}

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0003': 'ctrl-c',
  '\u000c': 'ctrl-l',
  '\u0015': 'ctrl-u',
  '\u001a': 'ctrl-z',
}

/** A sequence that is not whole: ESC, then CSI or SS3 and its parameters without the final byte. */
const UNFINISHED = /^\u001b(?:[[O][0-9;?]{0,16})?$/
const SEQUENCE = /^\u001b[[O]([0-9;?]{0,16}[@-~])/

export interface ParsedKeys {
  readonly keys: readonly string[]
  /** Begins a sequence whose rest is to come; where none comes soon it was the Escape key. */
  readonly rest: string
}

/** @param text what was left over, then what came */
export function parseKeys(text: string): ParsedKeys {
  const keys: string[] = []
  let rest = text
  while (rest !== '') {
    if (UNFINISHED.test(rest)) return { keys, rest }
    const sequence = SEQUENCE.exec(rest)
    if (sequence !== null) {
      const key = SEQUENCES[sequence[1] ?? '']
      if (key !== undefined) keys.push(key)
      rest = rest.slice(sequence[0].length)
      continue
    }
    const [character = ''] = rest
    rest = rest.slice(character.length)
    if (character === '\u001b') keys.push('escape')
    else if (character >= ' ' && character !== '\u007f') keys.push(character)
    else if (Object.hasOwn(CONTROLS, character)) keys.push(CONTROLS[character] as string)
  }
  return { keys, rest: '' }
}
