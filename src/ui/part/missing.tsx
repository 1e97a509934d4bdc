/** @module What could not be read here, and why: never taken for zero, so it is said. */
import { safeName } from '../say/subject.ts'
import { live, session } from '../store/connection.ts'

export function MissingFigures() {
  const missing = live.state?.missing ?? []
  const isUnprivileged = session.value?.hello?.privileged === false
  if (missing.length === 0 && !isUnprivileged) return null
  return (
    <section aria-labelledby="missing-title" class="panel" data-missing={missing.length}>
      <div class="panel-head">
        <h2 id="missing-title">What cannot be seen here</h2>
      </div>
      {isUnprivileged ? (
        <p class="note">
          The guard runs without root: of other users' processes it sees what everyone may. Started
          as root it sees all.
        </p>
      ) : null}
      <ul class="missing">
        {missing.map(({ what, why }) => (
          <li key={what}>
            <b>{safeName(what)}</b> <span>{safeName(why)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
