/**
 * @module What `plimsoll explain` costs beside ripgrep, which only counts lines, and how often it is right beside
 * what is known of other tools. `npm run bench:explain` prints it, `-- --write` also into docs/explain-bench.md.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MIB } from '../../src/base/units.ts'
import { scoreCorpus } from './accuracy.ts'
import { labLogs, writeNoise, writeReports } from './logs.ts'

const ROUNDS = 9
const NOISE_BYTES = 1024 * MIB
const REPORT_BYTES = 128 * MIB
const DOCUMENT = join(import.meta.dirname, '../../docs/explain-bench.md')
const CLI = join(import.meta.dirname, '../../dist/cli.cjs')
const TARGET = { ratio: 2, memoryMib: 150 }

interface Cost {
  readonly wallMs: number
  readonly peakMib: number
}

/** Runs a command to its end. Its peak is read while it runs: a look each few ms. */
async function run(command: string, words: readonly string[]): Promise<Cost> {
  const start = performance.now()
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  let peakKb = 0
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
    } catch {
      // It has just ended.
    }
  }, 5)
  await once(child, 'exit')
  const wallMs = performance.now() - start
  clearInterval(look)
  return { wallMs, peakMib: peakKb / 1024 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

interface Side {
  readonly costs: Cost[]
  readonly command: string
  readonly words: readonly string[]
}

/** Each in turn, so that what else the machine does falls on all of them. */
async function inTurn(sides: readonly Side[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const { costs, command, words } of sides) costs.push(await run(command, words))
  }
}

/** As bin/plimsoll starts it. */
function explainSide(...words: readonly string[]): Side {
  return {
    costs: [],
    command: process.execPath,
    words: ['--max-semi-space-size=4', CLI, 'explain', '--json', ...words],
  }
}

const hasRipgrep = spawnSync('rg', ['--version']).status === 0
const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bench-explain-'))
const isWriting = process.argv.includes('--write')
const lines: string[] = []
const say = (text = ''): void => {
  lines.push(text)
  console.log(text)
}

try {
  const noise = join(directory, 'noise.log')
  const storm = join(directory, 'reports.log')
  const empty = join(directory, 'empty.log')
  const logs = labLogs()
  writeNoise(noise, NOISE_BYTES, [logs[0] ?? '', logs[1] ?? '', logs[2] ?? ''])
  writeReports(storm, REPORT_BYTES)
  writeFileSync(empty, 'nothing\n')
  const ours = explainSide(noise)
  const start = explainSide(empty)
  const inReports = explainSide(storm)
  const patterns = ['oom-killer', 'Killed process', 'oom-kill:'].flatMap((each) => ['-e', each])
  const ripgrep: Side = { costs: [], command: 'rg', words: ['-a', '-c', ...patterns, noise] }
  await inTurn(hasRipgrep ? [ours, ripgrep, start] : [ours, start])
  inReports.costs.push(await run(inReports.command, inReports.words))
  const wall = ({ costs }: Side): number => median(costs.map(({ wallMs }) => wallMs))
  const least = ({ costs }: Side): number => Math.min(...costs.map(({ wallMs }) => wallMs))
  const peak = ({ costs }: Side): number => Math.max(...costs.map(({ peakMib }) => peakMib))
  const ratio = wall(ours) / wall(ripgrep)
  const ms = (side: Side): string => `${wall(side).toFixed(0)} ms (${least(side).toFixed(0)})`
  const stormMib = statSync(storm).size / MIB
  say(`## Speed and memory`)
  say()
  say(
    `${NOISE_BYTES / MIB} MiB of syslog with three reports, in the page cache; medians of ${ROUNDS} rounds, each command in turn, start of Node included; in brackets the least, which other work on the machine disturbs least.`,
  )
  say()
  say('| | time | beside `rg` | peak memory |')
  say('| --- | ---: | ---: | ---: |')
  const leastRatio = least(ours) / least(ripgrep)
  const beside = hasRipgrep ? `${ratio.toFixed(1)} (${leastRatio.toFixed(1)})` : 'no rg here'
  say(`| \`plimsoll explain --json\` | ${ms(ours)} | ${beside} | ${peak(ours).toFixed(0)} MiB |`)
  if (hasRipgrep) {
    const counting = "`rg -a -c -e oom-killer -e 'Killed process' -e oom-kill:`"
    say(`| ${counting} | ${ms(ripgrep)} | 1 | ${peak(ripgrep).toFixed(0)} MiB |`)
  }
  say(`| \`plimsoll explain\` of an empty log | ${ms(start)} | | ${peak(start).toFixed(0)} MiB |`)
  say(
    `| ${stormMib.toFixed(0)} MiB of nothing but reports | ${(stormMib / (wall(inReports) / 1000)).toFixed(0)} MiB/s | | ${peak(inReports).toFixed(0)} MiB |`,
  )
  const scored = scoreCorpus()
  if (scored !== undefined) {
    const of = ({ right, of: all }: { right: number; of: number }): string => `${right} of ${all}`
    const { scores } = scored
    say()
    say(`## How often it is right`)
    say()
    say(
      `${scored.files} public logs of kernels 2.6.32 to 6.18, many of them damaged, with what is true of them read by hand. The figures of the other tools are quoted from a survey of 85 such logs, these among them; they are not run here.`,
    )
    say()
    say('| | |')
    say('| --- | --- |')
    say(`| Plimsoll: logs with the right number of reports | ${of(scores.reports)} |`)
    say(`| who asked | ${of(scores.trigger)} |`)
    say(`| who was killed, name and pid | ${of(scores.victim)} |`)
    say(`| verdict | ${of(scores.verdict)} |`)
    say(`| cause | ${of(scores.cause)} |`)
    say(`| innocent or not, of whole reports | ${of(scores.innocent)} |`)
    say(`| pages that no counter names, exactly | ${of(scores.unaccounted)} |`)
    say(`| OOMAnalyser 0.9.0-dev: logs analysed | 17 of 85; 17 crash it, 51 are refused |`)
    say(`| cadvisor's oomparser: reports that it closes | 40 of 100 |`)
    say(`| node-problem-detector: lines of kills that it matches | 44 of 121 |`)
  }
  const checks = [
    [`within ${TARGET.ratio} times of rg`, !hasRipgrep || ratio <= TARGET.ratio],
    [`below ${TARGET.memoryMib} MiB`, Math.max(peak(ours), peak(inReports)) < TARGET.memoryMib],
  ] as const
  for (const [what, isMet] of checks) {
    console.log(`${isMet ? 'met   ' : 'MISSED'}  ${what}`)
    if (!isMet) process.exitCode = 1
  }
  if (isWriting) {
    const head =
      '# How `plimsoll explain` does\n\n<!-- Made by `npm run bench:explain -- --write`. -->\n\n'
    writeFileSync(DOCUMENT, `${head}${lines.join('\n')}\n`)
  }
} finally {
  rmSync(directory, { recursive: true })
}
