/** @module One look at a host, its findings, and how they are told. */
import type { ExitCode } from '../../../base/errors.ts'
import { EXIT, PlimsollError } from '../../../base/errors.ts'
import { encodeJsonLine, escapeForTerminal, shellQuote } from '../../../base/escape.ts'
import { CHECKS } from '../../../core/console/checks/index.ts'
import type { Examination } from '../../../core/console/examine.ts'
import { examine } from '../../../core/console/examine.ts'
import { factsOf } from '../../../core/console/facts.ts'
import { remediesOf } from '../../../core/console/remedies.ts'
import { verdictOf } from '../../../core/console/verdict.ts'
import { readForDoctor } from '../../../linux/console-reading.ts'
import { rootOf } from '../saved-tree.ts'
import { chooseLook } from '../watch/look.ts'
import { makeDocument } from './document.ts'
import { runFix, runUndo } from './fix.ts'
import { runMeasure } from './measure.ts'
import { formatPage } from './page.ts'
import { saveTree } from './save-tree.ts'

export interface DoctorFlags {
  readonly json?: true
  readonly root?: string
  readonly saveTree?: string
  /** Ids of checks; without any, `true`. */
  readonly fix?: true | readonly string[]
  readonly undo?: true | readonly string[]
  readonly yes?: true
  readonly measure?: true
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

/** Flags that change the host, or print on its consoles, go with few others. */
function checkFlags({ json, root, saveTree, fix, undo, yes, measure }: DoctorFlags): void {
  const acts = [
    ...(fix === undefined ? [] : ['--fix']),
    ...(undo === undefined ? [] : ['--undo']),
    ...(measure === undefined ? [] : ['--measure']),
  ]
  const [act, second] = acts
  const refuse = (message: string): never => {
    throw new PlimsollError('PLM_USAGE', message)
  }
  if (second !== undefined) refuse(`${act} and ${second}: expected one of them`)
  if (act !== undefined && root !== undefined) {
    refuse(`${act} works on this host alone: expected no --root`)
  }
  const isChange = fix !== undefined || undo !== undefined
  if (isChange && (json ?? saveTree) !== undefined) {
    refuse(`${act}: expected neither --json nor --save-tree`)
  }
  if (yes !== undefined && !isChange) refuse('--yes: expected --fix or --undo')
}

/** @throws PLM_USAGE where there is no such check */
function idsOf(flag: true | readonly string[]): readonly string[] {
  const ids = flag === true ? [] : flag
  const unknown = ids.find((id) => !CHECKS.some((check) => check.id === id))
  if (unknown !== undefined) {
    throw new PlimsollError('PLM_USAGE', `there is no check ${unknown}`, {
      hint: 'docs/doctor.md lists all checks by their ids.',
    })
  }
  return ids
}

/** Beside the page or the document, which are on the standard output. */
function tellSaved(directory: string): void {
  const command = `plimsoll doctor --root ${shellQuote(directory)}`
  process.stderr.write(
    `${escapeForTerminal(`written to ${directory}; read it with: ${command}`)}\n`,
  )
}

export async function runDoctor(flags: DoctorFlags): Promise<ExitCode> {
  checkFlags(flags)
  if (flags.undo !== undefined) return await runUndo(idsOf(flags.undo), flags.yes === true)
  const reading = readForDoctor(rootOf(flags.root))
  const counted = factsOf(reading)
  const facts = flags.measure === true ? { ...counted, measured: runMeasure(counted) } : counted
  const examination = examine(facts, CHECKS)
  if (flags.fix !== undefined) {
    return await runFix(facts, examination.findings, idsOf(flags.fix), flags.yes === true)
  }
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
  if (flags.saveTree !== undefined) tellSaved(flags.saveTree)
  return exitOf(examination)
}
