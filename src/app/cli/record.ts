/** @module `plimsoll record`: what a flight recorder's file holds, of this host or of any other. */
import { Command } from 'commander'
import type { SetExitCode } from './program.ts'

interface RecordOptions {
  readonly json?: boolean
  readonly full?: boolean
}

/** On its own: options, and what else the run needs, are of each command. */
function fileCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .description(
      `${summary[0]?.toUpperCase()}${summary.slice(1)}. Exits with 0 when all that was written is there, 11 when something is torn, stale or missing.`,
    )
    .argument('[file]', "a recorder file; this host's where none is named")
}

export function recordCommand(setExitCode: SetExitCode): Command {
  const record = new Command('record')
    .summary('read the flight recorder of a guard')
    .description(
      'Reads flight recorder files: what a guard saw and did until the power went, whoever wrote it and wherever. docs/recorder.md has the format.',
    )
  record.addCommand(
    fileCommand('show', 'print what a recorder holds, oldest first')
      .option('--full', 'print kernel texts and process tables in full, and every sample')
      .option('--json', 'print one JSON document')
      .action(async (file: string | undefined, options: RecordOptions) => {
        const { showRing } = await import('./record/run.ts')
        setExitCode(showRing(file, options.full === true, options.json === true))
      }),
  )
  record.addCommand(
    fileCommand('export', 'print each record as a JSON line').action(
      async (file: string | undefined) => {
        const { exportRing } = await import('./record/run.ts')
        setExitCode(exportRing(file))
      },
    ),
  )
  record.addCommand(
    fileCommand('verify', 'say what of a recorder is whole')
      .option('--json', 'print one JSON document')
      .action(async (file: string | undefined, options: RecordOptions) => {
        const { verifyRing } = await import('./record/run.ts')
        setExitCode(verifyRing(file, options.json === true))
      }),
  )
  return record
}
