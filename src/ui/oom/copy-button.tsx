/** @module Puts a text on the clipboard; where the browser forbids that, selects it to be copied by hand. */
import { useEffect, useRef, useState } from 'preact/hooks'

const SHOWN_MS = 2_000

async function copy(text: string, from: HTMLElement | null): Promise<boolean> {
  try {
    // Not there on a page that came over plain HTTP.
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    if (from !== null) getSelection()?.selectAllChildren(from)
    return false
  }
}

/** @param of the id of the element that shows the text */
export function CopyButton({ text, of }: { readonly text: string; readonly of: string }) {
  const [said, setSaid] = useState<string | null>(null)
  const timer = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  const onClick = async (): Promise<void> => {
    setSaid((await copy(text, document.getElementById(of))) ? 'copied' : 'press Ctrl+C')
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => setSaid(null), SHOWN_MS)
  }
  return (
    <button type="button" class="copy" aria-label={`Copy: ${text}`} onClick={onClick}>
      <span role="status">{said ?? 'copy'}</span>
    </button>
  )
}
