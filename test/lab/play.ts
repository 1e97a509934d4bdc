/** @module For the tests of guests: plays one, or skips the test with the reason why it cannot. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { findKernel, type Kernel, type KernelVersion } from '../../lab/archive/kernels.ts'
import { missingTools } from '../../lab/archive/tools.ts'
import type { GuestEvent } from '../../lab/machine/events.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { type Ending, type GuestRun, runGuest } from '../../lab/machine/run.ts'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'

/** What a machine may lack without being broken. */
const LACKING = new Set(['PLM_LAB_ARCHIVE', 'PLM_LAB_TOOL'])
/** A loaded machine takes several times what an idle one does. */
const WITHIN_SEC = 120

function whyLacking(error: unknown): string | undefined {
  const cause = error instanceof PlimsollError ? (error.cause ?? error) : error
  const isLacking = cause instanceof PlimsollError && LACKING.has(cause.code)
  return isLacking ? messageOf(error) : undefined
}

/** What `work` gives; null, with the test skipped, where the emulator or Debian's archive is missing. */
export async function orSkip<Value>(
  t: TestContext,
  work: () => Promise<Value>,
): Promise<Value | null> {
  const [missing] = missingTools()
  if (missing !== undefined) {
    t.skip(`${missing.tool} is not there (${missing.install})`)
    return null
  }
  try {
    return await work()
  } catch (error) {
    const why = whyLacking(error)
    if (why === undefined) throw error
    t.skip(why)
    return null
  }
}

/** The run of a guest to the end of its script, or to another ending; null, with the test skipped, where it cannot be played. */
export async function play(
  t: TestContext,
  version: KernelVersion,
  describe: (kernel: Kernel) => Guest | Promise<Guest>,
  onEvent: (event: GuestEvent) => void = () => {},
  ending: Ending = 'played',
): Promise<GuestRun | null> {
  return await orSkip(t, async () => {
    const guest = await describe(await findKernel(version))
    const once = (): Promise<GuestRun> =>
      runGuest(guest, { withinSec: WITHIN_SEC, signal: t.signal, onEvent })
    let run = await once()
    if (run.ending !== ending && run.ending !== 'interrupted') {
      // An emulated kernel dies of itself now and then: 6.12 of an int3 Oops, once in a few hundred boots.
      t.diagnostic(`the guest ${run.ending}; played once more`)
      run = await once()
    }
    const said = [...run.talk, ...run.consoles.flat().map(({ text }) => text), run.emulator]
    assert.equal(run.ending, ending, said.slice(-40).join('\n'))
    return run
  })
}

/** The member of the first event of that name. */
export function told(run: GuestRun, event: string): Readonly<Record<string, unknown>> {
  const found = run.events.find((one) => one.event === event)
  assert.ok(found !== undefined, `${event} was not told; the guest said: ${run.talk.join('\n')}`)
  return found
}
