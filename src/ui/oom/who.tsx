/** @module Who asked, who was selected, who was killed, who had the memory, and who would have been next. */
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { formatBytes } from '../../base/format.ts'
import type { Explanation } from '../../core/oom/explain.ts'
import { rankTasks } from '../../core/oom/holders.ts'
import { describeKilled, describeRow, nameOf, whatRanOut, whoAsked } from '../../core/oom/words.ts'
import { safeName } from '../say/subject.ts'
import { LineLink } from './evidence.tsx'

const MAX_KILLED = 6
const MAX_HOLDERS = 3

/** The words' own `[line 12]` at the end becomes a link. */
const AT_END = / \[line (\d+)\]$/

function Said({ text }: { readonly text: string }) {
  const line = AT_END.exec(text)?.[1]
  return (
    <>
      {safeName(text.replace(AT_END, ''))}{' '}
      {line === undefined ? null : <LineLink line={Number(line)} />}
    </>
  )
}

function Fact({ word, children }: { readonly word: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function List({ texts }: { readonly texts: readonly string[] }) {
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>
          <Said text={text} />
        </li>
      ))}
    </ul>
  )
}

export function Who({ explanation }: { readonly explanation: Explanation }) {
  const { report, pageKb, groups, nextVictims, expectedVictim } = explanation
  const { killed, selected } = report
  const holders = useMemo(() => rankTasks(report, pageKb).slice(0, MAX_HOLDERS), [report])
  const several = groups.filter(({ processes }) => processes > 1)
  const more = killed.length - MAX_KILLED
  const isOther = selected !== null && killed.every(({ pid }) => pid !== selected.pid)
  return (
    <section class="panel" aria-labelledby="who-title">
      <div class="panel-head">
        <h2 id="who-title">Who</h2>
      </div>
      <dl class="oom-who">
        <Fact word="ran out">
          <Said text={whatRanOut(explanation)} />
        </Fact>
        <Fact word="asked">
          <Said text={whoAsked(explanation)} />
        </Fact>
        {isOther ? (
          <Fact word="selected">
            <Said text={nameOf(selected.comm, selected.pid)} /> by the kernel; a child died instead
          </Fact>
        ) : null}
        <Fact word="killed">
          {killed.length === 0 ? (
            'nobody, as far as the log shows'
          ) : (
            <List texts={killed.slice(0, MAX_KILLED).map(describeKilled)} />
          )}
          {more > 0 ? <span class="dim">and {more} more</span> : null}
        </Fact>
        <Fact word="had the memory">
          {holders.length === 0 ? (
            'the log has no table of tasks'
          ) : (
            <List texts={holders.map((row) => describeRow(row, pageKb))} />
          )}
        </Fact>
        {several.length === 0 ? null : (
          <Fact word="by name">
            <List
              texts={several.map(
                ({ comm, processes, pages }) =>
                  `${processes} × ${comm}: ${formatBytes(pages * pageKb * 1024)} together`,
              )}
            />
          </Fact>
        )}
        {expectedVictim === null ? null : (
          <Fact word="contested">
            by the kernel's own ranking it would have been{' '}
            <Said text={nameOf(expectedVictim.comm, expectedVictim.pid)} />
          </Fact>
        )}
        {nextVictims.length === 0 ? null : (
          <Fact word="next">
            <List texts={nextVictims.map((row) => describeRow(row, pageKb))} />
          </Fact>
        )}
        <Fact word="in the log">
          <LineLink line={report.firstLine} /> to <LineLink line={report.lastLine} />
          {report.release === null ? null : `, kernel ${safeName(report.release)}`}
        </Fact>
      </dl>
    </section>
  )
}
