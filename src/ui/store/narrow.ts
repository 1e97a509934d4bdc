/** @module Whether the page is as narrow as a phone; the same width as in the style sheet. */
import { signal } from '@preact/signals'

const media = matchMedia('(max-width: 760px)')
export const isNarrow = signal(media.matches)
media.addEventListener('change', (event) => {
  isNarrow.value = event.matches
})
