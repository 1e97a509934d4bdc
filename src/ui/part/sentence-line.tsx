/** @module The sentence at the top of a page; screen readers hear when it changes. */
import type { Sentence } from '../say/sentence.ts'

const SHAPES: Readonly<Record<Sentence['tone'], string>> = {
  bad: '▲',
  warn: '△',
  good: '✓',
  quiet: '○',
}

export function SentenceLine({ sentence }: { readonly sentence: Sentence }) {
  return (
    <h1 class={`sentence ${sentence.tone}`} aria-live="polite">
      <span class="shape" aria-hidden="true">
        {SHAPES[sentence.tone]}
      </span>
      <span>{sentence.text}</span>
    </h1>
  )
}
