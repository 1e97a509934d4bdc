/** @module What to do, with what can be copied into a shell. */
import type { Action } from '../../core/oom/actions.ts'
import { safeName } from '../say/subject.ts'
import { CopyButton } from './copy-button.tsx'

export function Actions({ actions }: { readonly actions: readonly Action[] }) {
  return (
    <section class="panel" aria-labelledby="do-title">
      <div class="panel-head">
        <h2 id="do-title">What to do</h2>
      </div>
      <ol class="oom-actions">
        {actions.map((action, i) => {
          const words = safeName(action.words)
          const command = action.command === null ? null : safeName(action.command)
          const id = `action-${i}`
          return (
            <li key={words}>
              {command === null ? (
                <span id={id} class="alone">
                  {words}
                </span>
              ) : (
                <>
                  <span>{words}</span>
                  <code id={id}>{command}</code>
                </>
              )}
              <CopyButton text={command ?? words} of={id} />
            </li>
          )
        })}
      </ol>
    </section>
  )
}
