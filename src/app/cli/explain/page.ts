/** @module A report explained to a person: the sentence first, then who, then the balance, then what to do. */
import { escapeForTerminal } from '../../../base/escape.ts'
import { formatBytes, formatPercent } from '../../../base/format.ts'
import type { Explanation } from '../../../core/oom/explain.ts'
import { footprint } from '../../../core/oom/holders.ts'
import type { KilledProcess, OomReport, TaskRow } from '../../../core/oom/records.ts'

const WIDTH = 80
const BAR = 30
/** Shares of memory below this are put together. */
const SMALL = 0.01
const LABEL = 11

function nameOf(comm: string, pid: number | null): string {
  return pid === null ? comm : `${comm} (${pid})`
}

/** Breaks at blanks so that no line is wider than the terminal. */
function wrap(text: string, indent: number, first = ''): readonly string[] {
  const lines: string[] = []
  let line = first.padEnd(indent)
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd())
      line = ' '.repeat(indent)
    }
    line += `${word} `
  }
  return [...lines, line.trimEnd()]
}

function field(label: string, text: string): readonly string[] {
  return wrap(text, LABEL + 2, `  ${label}`)
}

function killedOf(report: OomReport): string {
  const [first] = report.killed
  if (first === undefined) return 'nobody'
  const name = `'${nameOf(first.comm, first.pid)}'`
  return report.killed.length === 1 ? name : `${name} and ${report.killed.length - 1} more`
}

/** Who died, and whether rightly: what a reader has to know if they read one line. */
export function headline({ report, verdict }: Explanation): string {
  const victim = killedOf(report)
  const { reason } = verdict
  if (report.killed.length === 0) {
    const end =
      report.panic === null ? 'Nobody was killed as far as the log shows' : 'The machine panicked'
    return `${end}: ${reason}.`
  }
  if (verdict.isInnocent === true) return `${victim} was killed and is INNOCENT: ${reason}.`
  if (verdict.isInnocent === false) return `${victim} was killed, rightly: ${reason}.`
  return `${victim} was killed; whether rightly cannot be told: ${reason}.`
}

function describeKilled(killed: KilledProcess): string {
  const parts = [
    ['anon', killed.anonRssKb],
    ['file', killed.fileRssKb],
    ['shmem', killed.shmemRssKb],
  ] as const
  const sizes = parts.flatMap(([name, kb]) =>
    kb === null || kb === 0 ? [] : [`${name} ${formatBytes(kb * 1024)}`],
  )
  const adj =
    killed.oomScoreAdj === null || killed.oomScoreAdj === 0
      ? []
      : [`oom_score_adj ${killed.oomScoreAdj}`]
  const figures = [...sizes, ...adj].join(', ')
  return `${nameOf(killed.comm, killed.pid)}${figures === '' ? '' : `: ${figures}`}  [line ${killed.line}]`
}

function describeRow(row: TaskRow, pageKb: number): string {
  const size = formatBytes(footprint(row, pageKb) * pageKb * 1024)
  const swap =
    row.swapents === null || row.swapents === 0
      ? ''
      : `, ${formatBytes(row.swapents * pageKb * 1024)} of it in swap`
  return `${nameOf(row.comm, row.pid)} ${size}${swap}`
}

function whereOf(explanation: Explanation): string {
  const { report, kind } = explanation
  const limitKb = report.memcgUsage.memory?.limitKb
  switch (kind) {
    case 'memcg':
      return `the limit of ${report.oomMemcg ?? 'a cgroup'}${limitKb === undefined ? '' : `: ${formatBytes(limitKb * 1024)}`}`
    case 'global':
      return 'the whole machine ran out of memory'
    case 'cpuset':
    case 'mempolicy':
      return `nodes ${report.memsAllowed ?? report.nodemask ?? 'of a set'} ran out of memory`
    case 'sysrq':
      return 'asked for by SysRq-f; nothing ran out'
    case 'panic':
      return `the machine ran out of memory and panicked: ${report.panic ?? ''}`
    case 'unknown':
      return 'the log does not say what ran out'
  }
}

function balanceLines({ balance }: Explanation): readonly string[] {
  if (balance === undefined) return []
  const { managedPages, pages, pageKb } = balance
  const inBytes = (value: number): string => formatBytes(value * pageKb * 1024)
  const rows = Object.entries(pages).sort(([a, x], [b, y]) =>
    a === 'unaccounted' ? 1 : b === 'unaccounted' ? -1 : y - x,
  )
  const large = rows.filter(
    ([name, value]) => name === 'unaccounted' || value >= SMALL * managedPages,
  )
  const smallSum = rows
    .filter((row) => !large.includes(row))
    .reduce((sum, [, value]) => sum + value, 0)
  const shown: readonly (readonly [string, number])[] = [
    ...large.filter(([name]) => name !== 'unaccounted'),
    ['others', smallSum],
    ...large.filter(([name]) => name === 'unaccounted'),
  ]
  const line = ([name, value]: readonly [string, number]): string => {
    const part = value / managedPages
    const bar = '#'.repeat(Math.max(0, Math.min(BAR, Math.round(part * BAR))))
    return `    ${name.padEnd(20)} ${inBytes(value).padStart(9)} ${formatPercent(part).padStart(6)}  ${bar}`
  }
  const doubt = balance.isSound
    ? []
    : ['    these figures contradict each other: they are not relied on']
  return ['', `  Memory, ${inBytes(managedPages)} in all`, ...shown.map(line), ...doubt]
}

function topLines(explanation: Explanation): readonly string[] {
  const { groups, pageKb, report } = explanation
  const several = groups.filter(({ processes }) => processes > 1).slice(0, 2)
  const ranked = [...report.tasks]
    .sort((a, b) => footprint(b, pageKb) - footprint(a, pageKb))
    .slice(0, 3)
  if (ranked.length === 0) return []
  return [
    ...field('largest', ranked.map((row) => describeRow(row, pageKb)).join('; ')),
    ...(several.length === 0
      ? []
      : field(
          'by name',
          several
            .map(
              ({ comm, processes, pages }) =>
                `${processes} x ${comm} ${formatBytes(pages * pageKb * 1024)}`,
            )
            .join('; '),
        )),
  ]
}

/** The page of one report; every line is safe to print. */
export function renderReport(explanation: Explanation): readonly string[] {
  const { report, expectedVictim, nextVictims } = explanation
  const asked =
    report.trigger === null
      ? 'the log does not say'
      : `${nameOf(report.trigger.comm, report.trigger.pid)}${report.order === null ? '' : `, for ${report.order < 0 ? 'no pages' : `${2 ** report.order} page${report.order === 0 ? '' : 's'}`}`}${report.gfpText === null ? '' : ` (${report.gfpText.split('|')[0]})`}`
  const lines = [
    ...wrap(headline(explanation), 0),
    '',
    ...field('what', whereOf(explanation)),
    ...field('asked', asked),
    ...report.killed.slice(0, 3).flatMap((killed) => field('killed', describeKilled(killed))),
    ...(report.killed.length > 3 ? field('', `and ${report.killed.length - 3} more`) : []),
    ...topLines(explanation),
    ...(expectedVictim === null
      ? []
      : field(
          'contested',
          `by the kernel's own ranking it would have been ${nameOf(expectedVictim.comm, expectedVictim.pid)}`,
        )),
    ...(nextVictims.length === 0
      ? []
      : field(
          'next',
          `would have been ${nextVictims.map((row) => nameOf(row.comm, row.pid)).join(', ')}`,
        )),
    ...balanceLines(explanation),
    '',
    '  Do',
    ...explanation.actions.flatMap((action) => wrap(action, 6, '    -')),
    '',
    ...field(
      'log',
      `lines ${report.firstLine} to ${report.lastLine}; confidence ${explanation.confidence}`,
    ),
    ...(report.missing.length === 0 ? [] : field('missing', report.missing.join(', '))),
  ]
  return lines.map(escapeForTerminal)
}
