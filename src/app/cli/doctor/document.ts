/** @module What `--json` prints, as docs/doctor.md describes it. */
import type { Remedy } from '../../../core/console/remedies.ts'
import { bestRemedy, isWorthIt } from '../../../core/console/remedies.ts'
import type { Told } from './told.ts'

/** A wait that is known to hold, and as if each serial line were held to its speed. */
function waitOf({ printing }: Remedy): object {
  const { cost, nominal, unknown, isMeasured } = printing
  const isKnown =
    isMeasured ||
    cost.consoles.every(({ waitMs, console }) => waitMs !== null || console.kind === 'network')
  return {
    waitMs: isKnown ? Math.round(isMeasured ? printing.waitMs : cost.waitMs) : null,
    nominalMs: Math.round(nominal.waitMs),
    unknown: unknown.map(({ name }) => name),
  }
}

export function makeDocument({ facts, verdict, remedies, examination }: Told): object {
  const asIs = remedies?.find(({ id }) => id === 'as-is')
  const best = remedies === null || !isWorthIt(remedies) ? undefined : bestRemedy(facts, remedies)
  return {
    schema: 'plimsoll.doctor/1',
    sentence: verdict.sentence,
    state: verdict.state,
    freezeMs: verdict.freezeMs === null ? null : Math.round(verdict.freezeMs),
    nominalMs: verdict.nominalMs === null ? null : Math.round(verdict.nominalMs),
    isBound: verdict.isBound,
    guardedMs: verdict.guardedMs === null ? null : Math.round(verdict.guardedMs),
    host: {
      release: facts.release,
      hypervisor: facts.hypervisor,
      isContainer: facts.isContainer,
      isRealtime: facts.isRealtime,
      tasks: facts.tasks?.length ?? null,
      seesAllTasks: facts.seesAll,
      consoleGuard:
        facts.guard === null
          ? null
          : {
              pid: facts.guard.pid,
              isAlive: facts.guard.isAlive,
              isQuiet: facts.guard.isQuiet,
              remedy: facts.guard.undo.remedy,
            },
      logBufferBytes: facts.logBuffer?.bytes ?? null,
      logBufferFrom: facts.logBuffer?.from ?? null,
    },
    report:
      asIs === undefined
        ? null
        : { lines: asIs.printing.cost.lines, bytes: asIs.printing.cost.bytes },
    consoles:
      facts.consoles?.consoles.map(({ name, kind, isSynchronous, line, lineFrom }, index) => {
        const cost = asIs?.printing.cost.consoles[index]
        const nominal = asIs?.printing.nominal.consoles[index]
        return {
          name,
          kind,
          isSynchronous,
          baud: line?.baud ?? null,
          baudFrom: lineFrom,
          bytes: cost?.bytes ?? null,
          waitMs: cost?.waitMs ?? null,
          nominalMs: nominal?.waitMs ?? null,
          parts: cost?.parts ?? [],
        }
      }) ?? null,
    remedies:
      remedies?.map((remedy) => ({
        id: remedy.id,
        name: remedy.name,
        isBest: remedy === best,
        ...waitOf(remedy),
        keeps: remedy.keeps,
        loses: remedy.loses,
        fix: remedy.fix,
      })) ?? null,
    ...(facts.measured === null ? {} : { measured: facts.measured }),
    findings: examination.findings,
    unseen: examination.unseen,
  }
}
