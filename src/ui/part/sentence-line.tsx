/** @module The sentence at the top of a page; screen readers hear when its gravity changes. */
import { useRef } from 'preact/hooks'
import type { Sentence } from '../say/sentence.ts'

const SHAPES: Readonly<Record<Sentence['tone'], string>> = {
  bad: '▲',
  warn: '△',
  good: '✓',
  quiet: '○',
}

export function SentenceLine({ sentence }: { readonly sentence: Sentence }) {
  // Its figures change each second: nobody wants to be told each time.
  const told = useRef(sentence)
  if (told.current.tone !== sentence.tone) told.current = sentence
  return (
    <>
      <h1 class={`sentence ${sentence.tone}`}>
        <span class="shape" aria-hidden="true">
          {SHAPES[sentence.tone]}
        </span>
        <span>{sentence.text}</span>
      </h1>
      <span class="unseen" role="status">
        {told.current.text}
      </span>
    </>
  )
}
