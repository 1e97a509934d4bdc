/** @module The balance sheet as a bar: what memory consisted of, in the colours of every other page. */
import { formatBytes, formatPercent } from '../../base/format.ts'
import { MEMORY_COLOURS } from '../../base/palette.ts'
import type { Explanation } from '../../core/oom/explain.ts'
import type { MemoryPart, MemoryParts } from '../../core/oom/memory-parts.ts'
import { memoryPartsOf, whyNoParts } from '../../core/oom/memory-parts.ts'
import { safeName } from '../say/subject.ts'
import { shadeOf } from '../store/theme.ts'

function why(explanation: Explanation): string {
  const text = whyNoParts(explanation)
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}

function sayWhole({ wholeBytes, limitBytes }: MemoryParts): string {
  const limit = limitBytes === null ? '' : `; limit ${formatBytes(limitBytes)}`
  return `${formatBytes(wholeBytes)} in all${limit}`
}

function colour({ kind }: MemoryPart): string {
  return shadeOf(MEMORY_COLOURS[kind])
}

function words({ label, bytes }: MemoryPart, wholeBytes: number): string {
  return `${label} ${formatBytes(bytes)}, ${formatPercent(bytes / wholeBytes)}`
}

export function MemoryPicture({ explanation }: { readonly explanation: Explanation }) {
  const memory = memoryPartsOf(explanation)
  return (
    <section class="panel" aria-labelledby="oom-memory-title">
      <div class="panel-head">
        <h2 id="oom-memory-title">
          {memory?.of === 'group'
            ? `Memory of ${safeName(explanation.report.oomMemcg ?? 'the group')}`
            : 'Memory'}
        </h2>
        {memory === null ? null : <small>{sayWhole(memory)}</small>}
      </div>
      {memory === null ? (
        <p class="note">{why(explanation)}</p>
      ) : (
        <>
          <div class="bar oom-bar" aria-hidden="true">
            {memory.parts.map((part) => (
              <span
                key={part.label}
                class={part.isSecond ? 'second' : ''}
                data-part={part.label}
                title={words(part, memory.wholeBytes)}
                style={{ flexGrow: String(Math.max(0, part.bytes)), backgroundColor: colour(part) }}
              />
            ))}
          </div>
          <ul class="oom-legend">
            {memory.parts.map((part) => (
              <li key={part.label} data-part={part.label}>
                <span
                  class={`swatch ${part.isSecond ? 'second' : ''}`}
                  aria-hidden="true"
                  style={{ backgroundColor: colour(part) }}
                />
                <span>{part.label}</span>
                <b class="num">{formatBytes(part.bytes)}</b>
                <span class="num dim">{formatPercent(part.bytes / memory.wholeBytes)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
