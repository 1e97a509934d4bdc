/** @module A verdict as a word with its shape, in the colour of its gravity. */
import { STATE_COLOURS } from '../../base/palette.ts'
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

export function verdictColour(verdict: VerdictClass): string {
  return shadeOf(STATE_COLOURS[COLOURS[verdict]])
}

export function VerdictBadge({ verdict }: { readonly verdict: VerdictClass }) {
  const { word, shape } = verdictWord(verdict)
  return (
    <span class="state" style={{ color: verdictColour(verdict) }}>
      <span class="shape" aria-hidden="true">
        {shape}
      </span>
      {word.toLowerCase()}
    </span>
  )
}
