/** @module What a page shows while there is nothing to show: loading, failed. */
import type { RequestFailure } from '../store/request.ts'

export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="loading" role="status">
      <h1 class="sentence quiet">{what} …</h1>
      <div class="skeleton" aria-hidden="true" />
      <div class="skeleton tall" aria-hidden="true" />
      <div class="skeleton" aria-hidden="true" />
    </div>
  )
}

export function Failure({
  failure,
  what,
}: {
  readonly failure: RequestFailure
  readonly what: string
}) {
  return (
    <p class="failure" role="alert">
      <span aria-hidden="true">!</span> {what} could not be read: {failure.message}
    </p>
  )
}
