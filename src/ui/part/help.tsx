/** @module What the keys do, on `?`. */
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { STATE_COLOURS } from '../../base/palette.ts'
import { LEAK_STATES } from '../../core/leak/records.ts'
import { STATE_ORDER } from '../say/subject.ts'
import { State } from './name.tsx'

export const isHelpOpen = signal(false)

const KEYS: readonly (readonly [key: string, what: string])[] = [
  ['/', 'search'],
  ['j, k', 'next, previous row of a table, or report of a log'],
  ['Enter', 'open the row'],
  ['Esc', 'leave the search; close this'],
  ['?', 'this'],
]

const MEANINGS: Readonly<Record<keyof typeof STATE_COLOURS, string>> = {
  confirmed: 'grows and will exhaust its limit',
  suspected: 'looks like a leak; more evidence is wanted before anyone is called',
  growing: 'grows, too little or too shortly to say why',
  harmless: 'grew, and the reason says why that is no leak',
  steady: 'its floor does not rise',
  unknown: 'too few samples to say anything',
}

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null)
  const isOpen = isHelpOpen.value
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  const close = () => {
    isHelpOpen.value = false
  }
  const states = [...LEAK_STATES].sort((a, b) => STATE_ORDER[a] - STATE_ORDER[b])
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
      <h2 id="help-title">Keys and words</h2>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <dl class="keys">
        {states.map((state) => (
          <div key={state}>
            <dt>
              <State state={state} />
            </dt>
            <dd>{MEANINGS[state]}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  )
}
