/** @module What quiets this host's consoles and gives them back: each deed with its undoing in the journal before. */
import type { Levels, Quieting } from '../../core/console/quieting.ts'
import type { PrintkSetting } from '../../core/console/records.ts'
import type { ConsoleJournal, JournalEntry, JournalState } from '../../io/guard/console-journal.ts'
import type { PrintkControl } from '../../linux/printk-control.ts'
import { findDetachable, uartConsolePath } from '../../linux/quieting-host.ts'
import { readSlow, writeSlow } from '../../linux/write-slow.ts'

/** A remedy that changes something. */
export type Deed = Exclude<Quieting, { readonly remedy: 'none' }>

export interface Hands {
  /** Notes what `deed` would change, in calm times. Rejects where that cannot be: then do nothing. */
  prepare(deed: Deed, found: Levels): Promise<void>
  /** @returns what went wrong, as a clause; `null`: it is done */
  apply(deed: Deed): Promise<string | null>
  /** Whether the levels are as `apply` set them: else somebody else did. Of a UART it says nothing. */
  isAsSet(deed: Deed): boolean
  /** Puts back what was found, unless somebody else has changed it since. */
  restore(deed: Deed, found: Levels): Promise<'restored' | 'changed' | 'failed'>
  /** Of a guard that was killed: what it left changed; `null`: nothing of its own. */
  findLeft(left: (JournalEntry & { readonly state: JournalState }) | undefined): Promise<{
    readonly deed: Deed
    readonly found: Levels
  } | null>
}

/** The word is written at once or, where the disk is stuck, later: the deed must not be late for it. */
const MARK_WITHIN_MS = 50
/** Below every line but those of emergency. */
const SILENT = 1

function isSame(now: PrintkSetting | undefined, levels: Levels): boolean {
  return now?.consoleLevel === levels.consoleLevel && now.defaultLevel === levels.defaultLevel
}

export interface HandsOptions {
  readonly control: PrintkControl
  readonly journal: ConsoleJournal
  readonly sysRoot: string
  readonly bootId: string
}

export function createHands({ control, journal, sysRoot, bootId }: HandsOptions): Hands {
  async function markSoon(state: JournalState): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, MARK_WITHIN_MS))
    await Promise.race([journal.mark(state).catch(() => {}), late])
  }

  async function isDetached(console: string): Promise<boolean> {
    return (await readSlow(uartConsolePath(sysRoot, console)))?.startsWith('N') ?? false
  }

  /**
   * A console that comes back prints the whole log again that it missed (printk.c, register_console),
   * for as long as that takes, unless no line is loud enough at that moment.
   */
  async function attach(console: string, found: Levels): Promise<boolean> {
    const now = control.read() ?? found
    if (!(await isDetached(console))) return false
    const undo = { remedy: 'detach', console, found: levels(now) } as const
    if (!isSame(control.read(), found)) await journal.write({ bootId, undo })
    await journal.mark('back')
    control.set({ consoleLevel: SILENT, defaultLevel: now.defaultLevel })
    try {
      return (await writeSlow(uartConsolePath(sysRoot, console), '1', 'w')) === null
    } finally {
      control.set(now)
    }
  }

  return {
    prepare(deed, found) {
      const undo =
        deed.remedy === 'detach'
          ? ({ remedy: deed.remedy, console: deed.console, found: levels(found) } as const)
          : { remedy: deed.remedy, found: levels(found), set: deed.set }
      return journal.write({ bootId, undo })
    },
    async apply(deed) {
      await markSoon('near')
      if (deed.remedy === 'detach')
        return writeSlow(uartConsolePath(sysRoot, deed.console), '0', 'w')
      return control.set(deed.set) ? null : 'kernel.printk does not take what is written'
    },
    isAsSet: (deed) => deed.remedy === 'detach' || isSame(control.read(), deed.set),
    async restore(deed, found) {
      let outcome: 'restored' | 'changed' | 'failed' = 'changed'
      if (deed.remedy === 'detach') {
        if (await isDetached(deed.console)) {
          outcome = (await attach(deed.console, found)) ? 'restored' : 'failed'
        }
      } else if (isSame(control.read(), deed.set)) {
        outcome = control.set(found) ? 'restored' : 'failed'
      }
      if (outcome !== 'failed') await journal.mark('calm')
      return outcome
    },
    async findLeft(left) {
      if (left === undefined || left.bootId !== bootId || left.state === 'calm') return null
      const { undo } = left
      const { found } = undo
      if (undo.remedy !== 'detach') {
        if (!isSame(control.read(), undo.set)) return null
        return { deed: { remedy: undo.remedy, set: undo.set, loses: '' }, found }
      }
      // The name that the file says must be one of a UART that is there.
      if (!findDetachable(sysRoot).includes(undo.console)) return null
      if (left.state === 'back' && control.read()?.consoleLevel === SILENT) control.set(found)
      if (!(await isDetached(undo.console))) return null
      return { deed: { remedy: 'detach', console: undo.console, loses: '' }, found }
    },
  }
}

function levels({ consoleLevel, defaultLevel }: Levels): Levels {
  return { consoleLevel, defaultLevel }
}
