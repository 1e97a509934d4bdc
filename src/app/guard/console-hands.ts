/** @module What quiets this host's consoles and gives them back: each deed with its undoing in the journal before. */
import type { GuardJournal, JournalEntry, JournalState } from '../../core/console/guard-journal.ts'
import { givenBack, ownersLevels, SILENT } from '../../core/console/guard-journal.ts'
import type { Levels, Quieting } from '../../core/console/quieting.ts'
import type { ConsoleJournal } from '../../io/guard/console-journal.ts'
import type { PrintkControl } from '../../linux/printk-control.ts'
import { findDetachable, uartConsolePath } from '../../linux/quieting-host.ts'
import { readSlow, writeSlow } from '../../linux/write-slow.ts'

/** A remedy that changes something. */
export type Deed = Exclude<Quieting, { readonly remedy: 'none' }>

/** `changed`: somebody else has set something since, which stays. */
export type Outcome = 'restored' | 'changed' | 'failed'

export interface Hands {
  /** Notes what `deed` would change, in calm times. Rejects where that cannot be: then do nothing. */
  prepare(deed: Deed, found: Levels): Promise<void>
  /** @returns what went wrong, as a clause; `null`: it is done */
  apply(deed: Deed, found: Levels): Promise<string | null>
  /** Whether the levels are as `apply` set them: else somebody else did. Of a UART it says nothing. */
  isAsSet(deed: Deed): boolean
  /** Puts back what was found, but for what somebody else has changed since. */
  restore(deed: Deed, found: Levels): Promise<Outcome>
  /** Of a guard that was killed: what it left changed; `null`: nothing of its own. */
  findLeft(left: GuardJournal | null): Promise<{
    readonly deed: Deed
    readonly found: Levels
  } | null>
}

/** The word is written at once or, where the disk is stuck, later: the deed must not be late for it. */
const MARK_WITHIN_MS = 50

function isSame(now: Levels | undefined, levels: Levels): boolean {
  return now?.consoleLevel === levels.consoleLevel && now.defaultLevel === levels.defaultLevel
}

export interface HandsOptions {
  readonly control: PrintkControl
  readonly journal: ConsoleJournal
  readonly sysRoot: string
  /** Boot and process, for the journal. */
  readonly by: Pick<JournalEntry, 'bootId' | 'guard'>
}

export function createHands({ control, journal, sysRoot, by }: HandsOptions): Hands {
  async function markSoon(state: JournalState): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, MARK_WITHIN_MS))
    await Promise.race([journal.mark(state).catch(() => {}), late])
  }

  function giveBack(found: Levels, set: Levels): Outcome {
    const now = control.read()
    if (now === undefined) return 'failed'
    const back = givenBack(now, found, set)
    if (!isSame(now, back) && !control.set(back)) return 'failed'
    return isSame(now, set) ? 'restored' : 'changed'
  }

  async function isDetached(console: string): Promise<boolean> {
    return (await readSlow(uartConsolePath(sysRoot, console)))?.startsWith('N') ?? false
  }

  /**
   * A console that comes back prints the whole log again that it missed (printk.c, register_console),
   * for as long as that takes, unless no line is loud enough at that moment. It comes back even where that
   * cannot be noted, as on a full disk.
   */
  async function attach(console: string, found: Levels): Promise<boolean> {
    const noted = levels(control.read() ?? found)
    const undo = { remedy: 'detach', console, found: noted } as const
    if (!isSame(noted, found)) await journal.write({ ...by, undo }).catch(() => {})
    await markSoon('back')
    const now = control.read() ?? found
    const silent = { consoleLevel: SILENT, defaultLevel: now.defaultLevel }
    control.set(silent)
    const fault = await writeSlow(uartConsolePath(sysRoot, console), '1', 'w')
    giveBack(now, silent)
    return fault === null
  }

  return {
    prepare(deed, found) {
      const undo =
        deed.remedy === 'detach'
          ? ({ remedy: deed.remedy, console: deed.console, found: levels(found) } as const)
          : { remedy: deed.remedy, found: levels(found), set: deed.set }
      return journal.write({ ...by, undo })
    },
    async apply(deed, found) {
      await markSoon('near')
      if (deed.remedy === 'detach')
        return writeSlow(uartConsolePath(sysRoot, deed.console), '0', 'w')
      // Noting it took its time.
      if (!isSame(control.read(), found)) return 'somebody else has just set kernel.printk'
      return control.set(deed.set) ? null : 'kernel.printk does not take what is written'
    },
    isAsSet: (deed) => deed.remedy === 'detach' || isSame(control.read(), deed.set),
    async restore(deed, found) {
      let outcome: Outcome = 'changed'
      if (deed.remedy === 'detach') {
        if (await isDetached(deed.console)) {
          outcome = (await attach(deed.console, found)) ? 'restored' : 'failed'
        }
      } else {
        outcome = giveBack(found, deed.set)
      }
      // It is done even where that cannot be noted.
      if (outcome !== 'failed') await journal.mark('calm').catch(() => {})
      return outcome
    },
    async findLeft(left) {
      if (left === null || left.bootId !== by.bootId || left.state === 'calm') return null
      const { undo } = left
      const now = control.read()
      const owners = now === undefined ? null : ownersLevels(left, now)
      if (undo.remedy !== 'detach') {
        return owners === null
          ? null
          : { deed: { remedy: undo.remedy, set: undo.set, loses: '' }, found: undo.found }
      }
      // The name that the file says must be one of a UART that is there.
      if (!findDetachable(sysRoot).includes(undo.console)) return null
      if (owners !== null) control.set(owners)
      if (!(await isDetached(undo.console))) return null
      return { deed: { remedy: 'detach', console: undo.console, loses: '' }, found: undo.found }
    },
  }
}

function levels({ consoleLevel, defaultLevel }: Levels): Levels {
  return { consoleLevel, defaultLevel }
}
