/**
 * @module The forms in which explanations are told. Each takes one report after another and forgets it, so that
 * a log of any size is told in little memory.
 */
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'
import type { EventDocument } from '../../../core/oom/document.ts'
import { reportDocument, stormDocument } from '../../../core/oom/document.ts'
import type { EvidenceLine } from '../../../core/oom/evidence.ts'
import type { Explanation } from '../../../core/oom/explain.ts'
import type { OtherKill } from '../../../core/oom/other-kills.ts'
import { describeOtherKill } from '../../../core/oom/other-kills.ts'
import type { Story } from '../../../core/oom/story.ts'
import { beginStory, continueStory, isStorm } from '../../../core/oom/story.ts'
import { at } from '../../../core/oom/words.ts'
import type { Look } from '../watch/look.ts'
import { plain, renderTicket, renderTicketLine, renderTicketStory } from './markdown.ts'
import { renderFile, renderReport, renderShort, renderStory } from './page.ts'

/** Lines of a log by their numbers, as far as they are kept. */
export type Evidence = (explanation: Explanation) => readonly EvidenceLine[]

/** What there is to say of a log but its reports. */
export interface LogEnd {
  /** Why it was not read to its end. */
  readonly error: string | null
  /** Whether it has lines at all. */
  readonly isText: boolean
  readonly otherKills: readonly OtherKill[]
}

export interface Output {
  /** Whether reports are wanted as soon as they are over, or in the order in which they began. */
  readonly isImmediate: boolean
  begin(file: string): void
  report(explanation: Explanation): void
  end(end: LogEnd): void
  /** After the last file. */
  finish(): void
}

export type Write = (text: string) => void

export interface PageOptions {
  readonly look: Look
  /** Every report of a storm in full. */
  readonly isAll: boolean
  readonly evidence: Evidence
  readonly isSingle: boolean
}

/** Lines of a storm that are shown; the others are counted. */
const MAX_SHORT = 40

/** How a storm is told: its story, its first report in full, then the others a line each; or all of them in full. */
interface Teller {
  story(story: Story): string
  full(explanation: Explanation): string
  /** @param sinceSec after the first report of its storm */
  short(explanation: Explanation, sinceSec: number | null): string
  /** How many lines are left out, and what shows them. */
  more(count: number): string
}

interface StormTeller {
  report(explanation: Explanation): void
  /** The log is over. */
  end(): void
}

function tellStorms(write: Write, teller: Teller, isAll: boolean): StormTeller {
  let story: Story | undefined
  let first = ''
  let shorts: string[] = []
  const end = (): void => {
    if (story === undefined) return
    if (isStorm(story)) write(teller.story(story))
    write(first)
    const more = story.reports - 1 - shorts.length
    if (!isAll && shorts.length > 0) {
      write(shorts.join(''))
      write(more > 0 ? teller.more(more) : '\n')
    }
    story = undefined
    first = ''
    shorts = []
  }
  return {
    report(explanation) {
      const more = story === undefined ? undefined : continueStory(story, explanation)
      if (more === undefined) {
        end()
        story = beginStory(explanation)
        if (isAll) write(teller.full(explanation))
        else first = teller.full(explanation)
        return
      }
      const { uptimeSec } = explanation.report
      const { firstSec } = more
      story = more
      if (isAll) write(teller.full(explanation))
      else if (shorts.length < MAX_SHORT) {
        const since = uptimeSec === null || firstSec === null ? null : uptimeSec - firstSec
        shorts.push(teller.short(explanation, since))
      }
    },
    end,
  }
}

/** Kills of a log that are listed; the others are counted. */
const MAX_OTHER = 20

function renderOtherKills(kills: readonly OtherKill[]): string {
  const lines = kills
    .slice(0, MAX_OTHER)
    .map((kill) => `  ${escapeForTerminal(describeOtherKill(kill))} ${at(kill.line)}\n`)
  const more = kills.length - lines.length
  return `${lines.join('')}${more > 0 ? `  and ${more} more\n` : ''}`
}

export function pageOutput(write: Write, options: PageOptions): Output {
  const { look, isAll, evidence, isSingle } = options
  let file = ''
  let found = 0
  let silent = 0
  let strange = 0
  const storms = tellStorms(
    write,
    {
      story: (story) => renderStory(story, look),
      full: (explanation) => `${renderReport(explanation, look, evidence(explanation))}\n`,
      short: (explanation, sinceSec) => renderShort(explanation, look, sinceSec),
      more: (count) => `  and ${count} more; --all shows each in full\n\n`,
    },
    isAll,
  )
  return {
    isImmediate: false,
    begin(name) {
      file = name
      found = 0
    },
    report(explanation) {
      if (found++ === 0 && !isSingle) write(renderFile(file, look))
      storms.report(explanation)
    },
    end({ error, isText, otherKills }) {
      storms.end()
      if (otherKills.length > 0) {
        if (found === 0 && !isSingle) write(renderFile(file, look))
        const head = found === 0 ? 'No OOM report of the kernel in it, but:' : 'Killed by others:'
        write(`${head}\n${renderOtherKills(otherKills)}\n`)
        return
      }
      if (found > 0 || error !== null) return
      if (isSingle)
        write(isText ? 'No OOM in this log.\n' : 'No log lines in it: it is not text.\n')
      else if (isText) silent++
      else strange++
    },
    finish() {
      if (silent > 0) write(`No OOM in ${silent === 1 ? 'one log' : `${silent} logs`}.\n`)
      if (strange > 0) {
        const files = strange === 1 ? 'one file, which is' : `${strange} files, which are`
        write(`No log lines in ${files} not text.\n`)
      }
    },
  }
}

/** One line a file, written part by part. */
export function jsonOutput(write: Write): Output {
  let isFirst = true
  let story: Story | undefined
  let storms: string[] = []
  const tellStory = (): void => {
    if (story !== undefined && isStorm(story)) storms.push(encodeJsonLine(stormDocument(story)))
    story = undefined
  }
  return {
    isImmediate: false,
    begin(file) {
      isFirst = true
      storms = []
      write(`{"schema":"plimsoll.explain/1","file":${encodeJsonLine(file)},"reports":[`)
    },
    report(explanation) {
      write(`${isFirst ? '' : ','}${encodeJsonLine(reportDocument(explanation))}`)
      isFirst = false
      const more = story === undefined ? undefined : continueStory(story, explanation)
      if (more === undefined) tellStory()
      story = more ?? beginStory(explanation)
    },
    end(end) {
      tellStory()
      const rest = encodeJsonLine({
        otherKills: end.otherKills,
        isText: end.isText,
        error: end.error,
      })
      write(`],"storms":[${storms.join(',')}],${rest.slice(1)}\n`)
    },
    finish() {},
  }
}

/** One line a report, as soon as it is over. */
export function eventOutput(write: Write): Output {
  let file = ''
  return {
    isImmediate: true,
    begin(name) {
      file = name
    },
    report(explanation) {
      const event: EventDocument = {
        schema: 'plimsoll.explain-event/1',
        file,
        ...reportDocument(explanation),
      }
      write(`${encodeJsonLine(event)}\n`)
    },
    end() {},
    finish() {},
  }
}

/** For tickets and mails; safe to show in a terminal, too. */
export function markdownOutput(write: Write, evidence: Evidence, isAll: boolean): Output {
  let file = ''
  let found = 0
  const print = (lines: readonly string[]): string => `${lines.map(escapeForTerminal).join('\n')}\n`
  const storms = tellStorms(
    write,
    {
      story: (story) => `${print(renderTicketStory(story))}\n`,
      full: (explanation) => `${print(renderTicket(explanation, file, evidence(explanation)))}\n`,
      short: (explanation, sinceSec) => print([renderTicketLine(explanation, sinceSec)]),
      more: (count) => `- and ${count} more\n\n`,
    },
    isAll,
  )
  return {
    isImmediate: false,
    begin(name) {
      file = name
      found = 0
    },
    report(explanation) {
      found++
      storms.report(explanation)
    },
    end({ error, isText, otherKills }) {
      storms.end()
      for (const kill of otherKills)
        write(`- ${plain(escapeForTerminal(describeOtherKill(kill)))}\n`)
      if (found > 0 || error !== null) return
      const none = isText ? 'No OOM' : 'No log lines'
      write(`${none} in ${escapeForTerminal(file)}.\n\n`)
    },
    finish() {},
  }
}
