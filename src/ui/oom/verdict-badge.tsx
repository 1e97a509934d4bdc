/** @module A verdict as a word with its shape, in the colour of its gravity. */
import { STATE_COLOURS } from '../../base/palette.ts'
import type { Explanation } from '../../core/oom/explain.ts'
import type { VerdictClass } from '../../core/oom/verdict.ts'
import { verdictWord } from '../../core/oom/words.ts'
import { shadeOf } from '../store/theme.ts'

const COLOURS: Readonly<Record<VerdictClass, keyof typeof STATE_COLOURS>> = {
  guilty: 'confirmed',
  innocent: 'suspected',
  'no-single-culprit': 'growing',
  'not-a-process': 'suspected',
  unknown: 'unknown',
}

export function verdictColour({ verdict }: Explanation): string {
  return shadeOf(STATE_COLOURS[COLOURS[verdict.verdict]])
}

export function VerdictBadge({ explanation }: { readonly explanation: Explanation }) {
  const { word, shape } = verdictWord(explanation)
  return (
    <span class="state" style={{ color: verdictColour(explanation) }}>
      <span class="shape" aria-hidden="true">
        {shape}
      </span>
      {word.toLowerCase()}
    </span>
  )
}
