/** @module One look at a host, its findings, and how they are told. */
import { statSync } from 'node:fs'
import type { ExitCode } from '../../../base/errors.ts'
import { EXIT, PlimsollError } from '../../../base/errors.ts'
import { encodeJsonLine } from '../../../base/escape.ts'
import { CHECKS } from '../../../core/console/checks/index.ts'
import type { Examination } from '../../../core/console/examine.ts'
import { examine } from '../../../core/console/examine.ts'
import { factsOf } from '../../../core/console/facts.ts'
import { remediesOf } from '../../../core/console/remedies.ts'
import { verdictOf } from '../../../core/console/verdict.ts'
import { readForDoctor } from '../../../linux/console-reading.ts'
import { chooseLook } from '../watch/look.ts'
import { makeDocument } from './document.ts'
import { formatPage } from './page.ts'
import { saveTree } from './save-tree.ts'

export interface DoctorFlags {
  readonly json?: true
  readonly root?: string
  readonly saveTree?: string
}

const PAGE_WIDTH = 80
/** Longer lines are no easier to read. */
const WIDEST = 100

function pageWidth(): number {
  const told = process.stdout.columns || Number(process.env.COLUMNS)
  return told >= 40 && told <= 1000 ? Math.min(told, WIDEST) : PAGE_WIDTH
}

function exitOf({ findings, unseen }: Examination): ExitCode {
  if (findings.some(({ severity }) => severity !== 'note')) return EXIT.finding
  return unseen.length > 0 ? EXIT.incomplete : EXIT.ok
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

export function runDoctor(flags: DoctorFlags): ExitCode {
  const root = flags.root ?? '/'
  if (!isDirectory(root)) {
    throw new PlimsollError('PLM_USAGE', `--root: expected a directory, got ${root}`)
  }
  const reading = readForDoctor(root)
  const facts = factsOf(reading)
  const examination = examine(facts, CHECKS)
  const told = { facts, verdict: verdictOf(facts), remedies: remediesOf(facts), examination }
  const { stdout, env } = process
  const text =
    flags.json === true
      ? encodeJsonLine(makeDocument(told))
      : formatPage(told, {
          width: pageWidth(),
          look: chooseLook({
            env,
            isTty: stdout.isTTY === true,
            colourDepth: stdout.isTTY ? stdout.getColorDepth() : 1,
            utcOffsetMin: 0,
          }),
        })
  if (flags.saveTree !== undefined) saveTree(reading, flags.saveTree)
  stdout.write(`${text}\n`)
  return exitOf(examination)
}
