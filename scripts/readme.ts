/**
 * @module Fills the parts of README.md and docs/lab.md that commands make: `npm run readme` runs real programs
 * under `watch`, takes the detector's score from its own document, explains a report, and plays the lab's incident.
 * Needs gcc and qemu.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { startLeak } from '../lab/leaks/start.ts'
import { renderReport } from '../src/app/cli/explain/page.ts'
import { explainReport } from '../src/core/oom/explain.ts'
import { readReports } from '../src/core/oom/read.ts'

/** Long enough for the cache to fill and to hold. */
const WATCH_FOR = '45s'

/** README's text with what stands between `<!-- NAME...-->` and `<!-- /NAME -->` replaced. */
export function replacePart(text: string, name: string, part: string): string {
  const [begin, end] = [new RegExp(`<!-- ${name}\\b[^>]*-->\n`), `<!-- /${name} -->`]
  const found = begin.exec(text)
  const endAt = text.indexOf(end)
  if (found === null || endAt < found.index) throw new Error(`there is no part ${name}`)
  return `${text.slice(0, found.index + found[0].length)}${part}${text.slice(endAt)}`
}

/** The table that says how the detector and the rules in use today did. */
export function scoreTable(document: string): string {
  const lines = document.split('\n')
  const from = lines.findIndex((line) => line.startsWith('| detector '))
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'))
  return `${lines.slice(from, from + length).join('\n')}\n`
}

async function watchTwoPrograms(): Promise<string> {
  const leaks = [await startLeak('leak-steady'), await startLeak('cache-fill')]
  try {
    const words = ['watch', '--own', '--once', '--for', WATCH_FOR, '--limit', '4']
    const { stdout } = spawnSync('bin/plimsoll', words, { encoding: 'utf8' })
    return `\`\`\`text\n$ bin/plimsoll ${words.join(' ')}\n${stdout.trimEnd()}\n\`\`\`\n`
  } finally {
    for (const leak of leaks) await leak.stop()
  }
}

/** Of a report's lines the first and the last few, cut to a page's width. */
export function shortenConsole(text: string): string {
  const lines = text.split('\n')
  const isConsole = (line: string): boolean => /^ *\d+\.\d\d s {2}[|│] /.test(line)
  const [first, last] = [lines.findIndex(isConsole), lines.findLastIndex(isConsole)]
  return lines
    .flatMap((line, index) => {
      if (index === first + 3) return [`            [${last - first - 4} lines]`]
      return index > first + 3 && index < last - 1 ? [] : [line]
    })
    .map((line) => (line.length > 100 ? `${line.slice(0, 99)}…` : line))
    .join('\n')
}

function playIncident(): string {
  const words = ['lab', 'incident']
  const { stdout } = spawnSync('bin/plimsoll', words, { encoding: 'utf8' })
  return `\`\`\`text\n$ plimsoll ${words.join(' ')}\n${shortenConsole(stdout).trimEnd()}\n\`\`\`\n`
}

/** A report of a real kernel, explained. */
export function explainedReport(): string {
  const log = 'lab/scenarios/logs/6.12-hugepages.log'
  const look = {
    isColour: false,
    hasAttributes: false,
    isUnicode: true,
    isLight: false,
    utcOffsetMin: 0,
  }
  const pages = readReports(readFileSync(log, 'utf8')).map((report) =>
    renderReport(explainReport(report), look),
  )
  return `\`\`\`text\n$ plimsoll explain ${log}\n${pages.join('\n').trimEnd()}\n\`\`\`\n`
}

if (import.meta.main) {
  let text = readFileSync('README.md', 'utf8')
  text = replacePart(text, 'detect', scoreTable(readFileSync('docs/detection-bench.md', 'utf8')))
  text = replacePart(text, 'watch', await watchTwoPrograms())
  text = replacePart(text, 'explain', explainedReport())
  writeFileSync('README.md', text)
  const explain = readFileSync('docs/explain.md', 'utf8')
  writeFileSync('docs/explain.md', replacePart(explain, 'explain', explainedReport()))
  const lab = readFileSync('docs/lab.md', 'utf8')
  writeFileSync('docs/lab.md', replacePart(lab, 'lab', playIncident()))
}
