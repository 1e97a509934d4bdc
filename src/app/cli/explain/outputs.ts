/**
 * @module The forms in which explanations are told. Each takes one report after another and forgets it, so that
 * a log of any size is told in little memory.
 */
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'
import type { EventDocument } from '../../../core/oom/document.ts'
import { reportDocument, stormDocument } from '../../../core/oom/document.ts'
import type { EvidenceLine } from '../../../core/oom/evidence.ts'
import type { Explanation } from '../../../core/oom/explain.ts'
import type { Story } from '../../../core/oom/story.ts'
import { beginStory, continueStory } from '../../../core/oom/story.ts'
import type { Look } from '../watch/look.ts'
import { renderTicket } from './markdown.ts'
import { renderFile, renderReport, renderShort, renderStory } from './page.ts'

/** Lines of a log by their numbers, as far as they are kept. */
export type Evidence = (explanation: Explanation) => readonly EvidenceLine[]

export interface Output {
  /** Whether reports are wanted as soon as they are over, or in the order in which they began. */
  readonly isImmediate: boolean
  begin(file: string): void
  report(explanation: Explanation): void
  /** @param error why the file was not read to its end */
  end(error: string | null): void
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

export function pageOutput(write: Write, options: PageOptions): Output {
  const { look, isAll, evidence, isSingle } = options
  let file = ''
  let found = 0
  let silent = 0
  let story: Story | undefined
  let first = ''
  let shorts: string[] = []
  const page = (explanation: Explanation): string =>
    `${renderReport(explanation, look, evidence(explanation))}\n`
  const tellStory = (): void => {
    if (story === undefined) return
    if (story.reports > 1) write(renderStory(story, look))
    write(first)
    const more = story.reports - 1 - shorts.length
    if (!isAll && shorts.length > 0) {
      write(shorts.join(''))
      write(more > 0 ? `  and ${more} more; --all shows each in full\n\n` : '\n')
    }
    story = undefined
    first = ''
    shorts = []
  }
  return {
    isImmediate: false,
    begin(name) {
      file = name
      found = 0
    },
    report(explanation) {
      if (found++ === 0 && !isSingle) write(renderFile(file, look))
      const more = story === undefined ? undefined : continueStory(story, explanation)
      if (more === undefined) {
        tellStory()
        story = beginStory(explanation)
        if (isAll) write(page(explanation))
        else first = page(explanation)
        return
      }
      const { uptimeSec } = explanation.report
      const { firstSec } = more
      story = more
      if (isAll) write(page(explanation))
      else if (shorts.length < MAX_SHORT) {
        const since = uptimeSec === null || firstSec === null ? null : uptimeSec - firstSec
        shorts.push(renderShort(explanation, look, since))
      }
    },
    end(error) {
      tellStory()
      if (found > 0 || error !== null) return
      if (isSingle) write('No OOM in this log.\n')
      else silent++
    },
    finish() {
      if (silent > 0) write(`No OOM in ${silent === 1 ? 'one log' : `${silent} logs`}.\n`)
    },
  }
}

/** One line a file, written part by part. */
export function jsonOutput(write: Write): Output {
  let isFirst = true
  let story: Story | undefined
  let storms: string[] = []
  const tellStory = (): void => {
    if (story !== undefined && story.reports > 1) storms.push(encodeJsonLine(stormDocument(story)))
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
    end(error) {
      tellStory()
      write(`],"storms":[${storms.join(',')}],"error":${encodeJsonLine(error)}}\n`)
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
export function markdownOutput(write: Write, evidence: Evidence): Output {
  let file = ''
  let found = 0
  return {
    isImmediate: false,
    begin(name) {
      file = name
      found = 0
    },
    report(explanation) {
      found++
      const ticket = renderTicket(explanation, file, evidence(explanation))
      write(`${ticket.map(escapeForTerminal).join('\n')}\n\n`)
    },
    end(error) {
      if (found === 0 && error === null) write(`No OOM in ${escapeForTerminal(file)}.\n\n`)
    },
    finish() {},
  }
}
