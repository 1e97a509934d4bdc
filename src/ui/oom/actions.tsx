/** @module What to do, with what can be copied into a shell. */
import { safeName } from '../say/subject.ts'
import { CopyButton } from './copy-button.tsx'
import { splitAction } from './split-action.ts'

export function Actions({ actions }: { readonly actions: readonly string[] }) {
  return (
    <section class="panel" aria-labelledby="do-title">
      <div class="panel-head">
        <h2 id="do-title">What to do</h2>
      </div>
      <ol class="oom-actions">
        {actions.map(safeName).map((action, i) => {
          const [words, command] = splitAction(action)
          const id = `action-${i}`
          return (
            <li key={action}>
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
