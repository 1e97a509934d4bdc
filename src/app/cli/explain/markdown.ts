/** @module A report as Markdown, for a ticket. */
import { formatBytes, formatPercent } from '../../../base/format.ts'
import type { Action } from '../../../core/oom/actions.ts'
import type { EvidenceLine } from '../../../core/oom/evidence.ts'
import type { Explanation } from '../../../core/oom/explain.ts'
import { rankTasks } from '../../../core/oom/holders.ts'
import { memoryPartsOf } from '../../../core/oom/memory-parts.ts'
import type { Story } from '../../../core/oom/story.ts'
import {
  at,
  brief,
  describeGroups,
  describeKilled,
  describeRow,
  missingWords,
  nameOf,
  sentence,
  storyline,
  verdictWord,
  whatRanOut,
  whenWords,
  whoAsked,
} from '../../../core/oom/words.ts'

/** More than any run of them within. */
function backticks(lines: readonly string[], least: number): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? [])
  return '`'.repeat(Math.max(least, ...runs.map(({ length }) => length + 1)))
}

/**
 * What GitHub and GitLab make a link or a mention of in plain text, whatever is escaped in it
 * (github.github.com/gfm, 6.9 Autolinks (extension); GitLab Flavored Markdown, references).
 */
const LINKED = /www\.|:\/\/|mailto:|xmpp:|[@#!~$%&]\w/i

/** Names come from the log: nothing in them makes a link, a mention, a heading or a table's border. */
export function plain(text: string): string {
  return text
    .replace(/\S+/g, (word) => {
      if (!LINKED.test(word)) return word.replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&')
      const around = backticks([word], 1)
      // A code span drops a space at either end (spec.commonmark.org/0.31.2, 6.1).
      return `${around} ${word} ${around}`
    })
    .replace(/\r?\n/g, ' ')
}

function fenced(lines: readonly string[]): readonly string[] {
  const fence = backticks(lines, 3)
  return [`${fence}text`, ...lines, fence]
}

function balanceTable(explanation: Explanation): readonly string[] {
  const memory = memoryPartsOf(explanation)
  if (memory === null) return []
  const rows = memory.parts
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(
      ({ label, bytes }) =>
        `| ${label} | ${formatBytes(bytes)} | ${formatPercent(bytes / memory.wholeBytes)} |`,
    )
  const whole = `${memory.of === 'group' ? 'of the group' : 'in all'}`
  return [
    '',
    '| memory | size | share |',
    '| --- | ---: | ---: |',
    ...rows,
    `| ${whole} | ${formatBytes(memory.wholeBytes)} | |`,
  ]
}

/** A command can be copied as it is, whatever names are in it. */
function task({ words, command }: Action): string {
  if (command === null) return `- [ ] ${plain(words)}`
  const around = backticks([command], 1)
  return `- [ ] ${plain(words)}: ${around} ${command.replace(/\s+/g, ' ')} ${around}`
}

/** The lines of the ticket. */
export function renderTicket(
  explanation: Explanation,
  file: string,
  evidence: readonly EvidenceLine[],
): readonly string[] {
  const { report, nextVictims, pageKb } = explanation
  const when = whenWords(report)
  const item = (label: string, text: string): string => `- **${label}**: ${plain(text)}`
  return [
    `### ${verdictWord(explanation.verdict.verdict).word}: ${plain(sentence(explanation))}`,
    '',
    ...(when === null ? [] : [item('when', when)]),
    item('ran out', whatRanOut(explanation)),
    item('asked', whoAsked(explanation)),
    ...report.killed.slice(0, 10).map((killed) => item('killed', describeKilled(killed))),
    ...(report.killed.length > 10 ? [item('killed', `${report.killed.length - 10} more`)] : []),
    ...rankTasks(report, pageKb)
      .slice(0, 3)
      .map((row) => item('largest', describeRow(row, pageKb))),
    ...describeGroups(explanation).map((text) => item('by name', text)),
    ...(nextVictims.length === 0
      ? []
      : [item('next', nextVictims.map((row) => nameOf(row.comm, row.pid)).join(', '))]),
    ...balanceTable(explanation),
    '',
    ...explanation.actions.map(task),
    '',
    `Evidence: ${plain(file)}, lines ${report.firstLine} to ${report.lastLine}; confidence ${explanation.confidence}${report.missing.length === 0 ? '' : `; missing: ${missingWords(report).join(', ')}`}.`,
    ...(evidence.length === 0
      ? []
      : ['', ...fenced(evidence.map(([number, text]) => `${number}: ${text}`))]),
  ]
}

/** What a storm came to: above its first report. */
export function renderTicketStory(story: Story): readonly string[] {
  const [head = '', ...rest] = storyline(story)
  return [`## Storm: ${plain(head)}`, ...(rest.length === 0 ? [] : ['', ...rest.map(plain)])]
}

/** A later report of a storm, in a line. */
export function renderTicketLine(explanation: Explanation, sinceSec: number | null): string {
  const { report, verdict } = explanation
  const when = sinceSec === null ? '' : `+${sinceSec.toFixed(1)} s `
  const { word } = verdictWord(verdict.verdict)
  return `- ${when}${word}: ${plain(brief(explanation))} ${plain(at(report.firstLine))}`
}
