/** @module What a subject is: identity, whereabouts, figures, arguments, and the next command. */
import type { ComponentChildren } from 'preact'
import { shellQuote } from '../../base/escape.ts'
import { formatBytes, UNKNOWN } from '../../base/format.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { watchCommand } from '../say/command.ts'
import { KIND_WORDS, limitWords, safeName } from '../say/subject.ts'
import { bootToWallMs } from '../say/time.ts'
import { live } from '../store/connection.ts'
import { Ago, Name, SubjectLink } from './name.tsx'

/** USER_HZ: what the kernel counts start times in, on every architecture (proc_pid_stat(5)). */
const TICKS_PER_SEC = 100

function Fact({ word, children }: { readonly word: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Text({ text }: { readonly text: string | null }) {
  return text === null ? null : <Name text={text} />
}

function startedMs(row: SubjectRow): number | null {
  if (row.startTicks === null || live.host === null) return null
  return bootToWallMs(row.startTicks / TICKS_PER_SEC, live.host)
}

function ServiceLink({ row }: { readonly row: SubjectRow }) {
  // A program that has but one process is told of as that process alone.
  const service = live.rows.get(row.serviceId ?? '')
  return service === undefined ? null : (
    <Fact word="Service">
      <SubjectLink row={service} />
    </Fact>
  )
}

function ProcessFacts({ row }: { readonly row: SubjectRow }) {
  const started = startedMs(row)
  return (
    <>
      <Fact word="Pid">{row.pid}</Fact>
      <Fact word="Started">{started === null ? UNKNOWN : <Ago wallMs={started} />}</Fact>
      <Fact word="User id">{row.uid ?? UNKNOWN}</Fact>
      <Fact word="Threads">{row.threads ?? UNKNOWN}</Fact>
      <Fact word="Open files">{row.fds ?? UNKNOWN}</Fact>
    </>
  )
}

export function Facts({
  row,
  cmdline,
  isThere,
}: {
  readonly row: SubjectRow
  readonly cmdline: readonly string[] | null
  readonly isThere: boolean
}) {
  const { limit } = row
  return (
    <section aria-labelledby="facts-title" class="panel">
      <div class="panel-head">
        <h2 id="facts-title">Facts</h2>
      </div>
      <dl class="facts">
        <Fact word="Kind">{KIND_WORDS[row.kind][0]}</Fact>
        {row.kind === 'process' ? <ProcessFacts row={row} /> : null}
        {row.processes === null ? null : <Fact word="Processes">{row.processes}</Fact>}
        <Fact word="Size">{formatBytes(row.levelBytes)}</Fact>
        {row.anonBytes === null ? null : <Fact word="Anonymous">{formatBytes(row.anonBytes)}</Fact>}
        {row.fileBytes === null ? null : <Fact word="Of files">{formatBytes(row.fileBytes)}</Fact>}
        {row.shmemBytes === null ? null : <Fact word="Shared">{formatBytes(row.shmemBytes)}</Fact>}
        {row.swapBytes === null ? null : <Fact word="Swapped">{formatBytes(row.swapBytes)}</Fact>}
        <Fact word="Limit">
          {limit === null
            ? 'none'
            : `${formatBytes(limit.headroomBytes)} below ${limitWords(limit)}`}
        </Fact>
        <ServiceLink row={row} />
        {row.unit === null ? null : (
          <Fact word="Unit">
            <Text text={row.unit} />
          </Fact>
        )}
        {row.container === null ? null : (
          <Fact word="Container">
            <Text text={row.container} />
          </Fact>
        )}
        {row.cgroup === null || row.cgroup === '' ? null : (
          <Fact word="Cgroup">
            <Text text={row.cgroup} />
          </Fact>
        )}
      </dl>
      {row.kind === 'process' && isThere ? (
        <div class="command">
          <span>Arguments</span>
          <code>
            {cmdline === null
              ? 'not readable'
              : cmdline.map((word) => shellQuote(safeName(word))).join(' ')}
          </code>
        </div>
      ) : null}
      {isThere ? (
        <div class="command">
          <span>In a terminal</span>
          <code>{watchCommand(row)}</code>
        </div>
      ) : null}
    </section>
  )
}
