/** @module Keys that act on the page: the newest part that asked for a key gets it first. */

/** Returns `false` where the key is none of its business, so that another may take it. */
export type KeyHandler = () => unknown
export type KeyMap = Readonly<Record<string, KeyHandler>>

const maps: KeyMap[] = []

/** Asks for keys, by `KeyboardEvent.key`; the function returned gives them back. */
export function onKeys(map: KeyMap): () => void {
  maps.unshift(map)
  return () => void maps.splice(maps.indexOf(map), 1)
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

function dispatch(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (isTyping(event.target)) {
    if (event.key === 'Escape') (event.target as HTMLElement).blur()
    return
  }
  for (const map of maps) {
    const handle = map[event.key]
    if (handle === undefined || handle() === false) continue
    event.preventDefault()
    return
  }
}

export function startShortcuts(): void {
  addEventListener('keydown', dispatch)
}
