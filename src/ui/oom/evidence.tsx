/** @module The log's own lines behind what is said, one click away, as text. */
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { escapeForTerminal } from '../../base/escape.ts'
import type { EvidenceLine } from '../../core/oom/evidence.ts'
import type { Entry } from './read-log.ts'

/** The line that is shown among its neighbours; `null`: none. */
export const shownLine = signal<number | null>(null)

/** Tabs stand in backtraces and are harmless. */
function safeLine(text: string): string {
  return text.split('\t').map(escapeForTerminal).join('\t')
}

/** A line's number, which shows it. */
export function LineLink({
  line,
  isBare = false,
}: {
  readonly line: number
  /** The number alone, where a heading says what it is. */
  readonly isBare?: boolean
}) {
  return (
    <button
      type="button"
      class="line-link"
      title={`Show line ${line} of the log`}
      onClick={() => {
        shownLine.value = line
      }}
    >
      {isBare ? null : 'line '}
      {line}
    </button>
  )
}

function Lines({ lines, at }: { readonly lines: readonly EvidenceLine[]; readonly at: number }) {
  return (
    <ol class="log-lines">
      {lines.map(([number, text]) => (
        <li key={number} aria-current={number === at ? 'true' : undefined} value={number}>
          <span class="number">{number}</span>
          <code>{safeLine(text)}</code>
        </li>
      ))}
    </ol>
  )
}

export function EvidenceDialog({ entry }: { readonly entry: Entry }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const at = shownLine.value
  const isOpen = at !== null
  const { firstLine, lastLine } = entry.explanation.report
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
    // Only what is shown can be scrolled to.
    dialog.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' })
  }, [isOpen])
  useEffect(() => {
    shownLine.value = null
  }, [entry])
  const close = () => {
    shownLine.value = null
  }
  return (
    <dialog ref={dialog} class="evidence" onClose={close} aria-labelledby="evidence-dialog-title">
      <div class="panel-head">
        <h2 id="evidence-dialog-title">
          The log, lines {firstLine} to {lastLine}
        </h2>
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
      {at === null || entry.lines.some(([number]) => number === at) ? null : (
        <p class="note">This line is not kept: the log is too large, or the line is not of it.</p>
      )}
      {at === null ? null : <Lines lines={entry.lines} at={at} />}
    </dialog>
  )
}
