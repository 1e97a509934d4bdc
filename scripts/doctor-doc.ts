/** @module docs/doctor.md: what the doctor says, its JSON, and every check, from the checks themselves. */

import { formatPage } from '../src/app/cli/doctor/page.ts'
import { CHECKS } from '../src/core/console/checks/index.ts'
import { examine } from '../src/core/console/examine.ts'
import { factsOf } from '../src/core/console/facts.ts'
import type { Check } from '../src/core/console/finding.ts'
import { HOSTS, readingOf } from '../src/core/console/hosts.fixture.ts'
import { remediesOf } from '../src/core/console/remedies.ts'
import { verdictOf } from '../src/core/console/verdict.ts'
import { KERNEL_PARAMETERS, SOURCES } from '../src/linux/console-sources.ts'

function rowOf({ id, asks, looksAt, healthy }: Check): string {
  const paths = looksAt.map((path) => `\`${path}\``).join(', ')
  return `| \`${id}\` | ${asks} | ${paths} | ${healthy} |`.replaceAll('\n', ' ')
}

/** The page of a host with a slow line, up to its second finding. */
function example(): string {
  const facts = factsOf(readingOf(HOSTS['bare-metal']))
  const told = {
    facts,
    verdict: verdictOf(facts),
    remedies: remediesOf(facts),
    examination: examine(facts, CHECKS),
  }
  const look = {
    isColour: false,
    hasAttributes: false,
    isUnicode: true,
    isLight: false,
    utcOffsetMin: 0,
  }
  const page = formatPage(told, { width: 80, look })
  const [first = '', second = ''] = page.split(/\n(?=HIGH)/)
  return `${first}\n${second.trimEnd()}\n\n...`
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

function files(): string {
  const paths = SOURCES.map(({ path, keep }) => (keep === undefined ? path : `${path} +`))
  return [...new Set(paths)].sort().join('\n')
}

/** docs/doctor.md */
export function renderDoctorDoc(): string {
  return `# plimsoll doctor

<!-- Made by scripts/doctor-doc.ts from src/core/console/checks. -->

Would an OOM freeze this host, for how many seconds, and what helps at what price? When memory runs out, the
process that holds the kernel's OOM lock prints a report on every console, before anything is killed. A serial
line of 19,200 baud carries 1,920 bytes a second; a report of 23 kB takes 12 s, and whoever needs memory
meanwhile stands still. \`plimsoll doctor\` counts the bytes of the report that this host's kernel would print now,
and says the seconds first.

\`\`\`sh
plimsoll doctor                     # this host; root sees all
plimsoll doctor --json              # for programs
plimsoll doctor --save-tree DIR     # what was read, into a new directory
plimsoll doctor --root DIR          # audit such a directory, on any machine
plimsoll doctor --fix [CHECK...]    # show what would help, and write it once you agree
plimsoll doctor --undo [CHECK...]   # take it back
plimsoll doctor --measure           # time the consoles themselves
\`\`\`

\`\`\`text
$ plimsoll doctor
${example()}
\`\`\`

Without \`--fix\` and \`--undo\` it changes nothing. It reads some hundred small files once, and neither /proc/consoles nor a serial port while
memory is short (\`full avg10\` above 10 %): both would wait for a report that is being printed.

Exit codes: 0 nothing found, or notes alone; 10 something was found; 11 nothing was found, but not all that was looked for
could be seen; 2 usage.

## Fix and undo

\`--fix\` shows each value that it would write and each file of its own in full, and asks. Without a terminal nothing
is written unless \`--yes\` is given (exit code 10). Without ids it takes all findings that are more than notes. It needs
root (77), and works on this host alone. What a person must do (the kernel's command line, a restart of a service) it
only says.

It writes to two kinds of places: settings of the running kernel, and files named \`90-plimsoll.conf\` in
\`/etc/sysctl.d\`, \`/etc/tmpfiles.d\`, \`/etc/systemd/journald.conf.d\` and \`/etc/systemd/system.conf.d\`, which keep them over a
reboot. Fixes for one file stand in it one below the other, each under its id. Of two findings that set the same, the
graver one counts. A file of that name that somebody else wrote or edited is left alone; a later file that sets the same
is told.

\`--undo\` puts back what was there and takes its files away; with ids, that of these checks alone. What is no longer as
\`--fix\` left it was changed by somebody: it stays as it is and is told. After a reboot files alone are taken back: a value
that such a file has set at boot lasts until the next one. Directories that were made for files stay. What cannot be read
now stays in the journal, to be undone later.

A serial console that was detached would print the whole log again when it comes back, and whoever prints would wait for
that: \`--undo\` silences consoles for those milliseconds. If it is killed within them, the next \`--fix\` or \`--undo\` sets
the level again.

The journal of what was there is \`/var/lib/plimsoll/undo/journal.json\`. It is on the disk before anything is changed, and
holds names of checks and settings, values and the boot, but no path: those come from the program. One that others
may have written, of another user, or behind a link is refused (\`PLM_UNDO\`). So is a second run that would change settings
at the same moment.

**The console guard** (\`plimsoll agent --console-guard\`) changes \`kernel.printk\`, or takes one UART from printk, while an OOM is
near. \`doctor\` reads its journal, \`/var/lib/plimsoll/console.journal\` (another \`[agent] state_dir\` is not looked at): it judges what the
guard found, says what the guard leaves of the freeze, and advises nobody to change what is the guard's for the moment.
\`--undo\`, or \`--undo console-guard\` alone, gives back what a guard that was killed has left, by the guard's own rules: a number that
somebody has set since stays, and a UART comes back in silence. While a guard is at work it is not touched: end it, and it gives
back what it changed itself.

Exit codes: 0 done, or nothing to do; 10 shown and not written; 11 something could not be done or was left.

## Measure

\`--measure\` writes three lines of 900 bytes to the kernel log and times each: that is the very path of an OOM report, over
all consoles that are waited for together. It says first what it will print, where, and for how long: 1.4 s on a line
of 19,200 baud. It needs root. The shortest time counts, unless it is less than half of the middle one: then another processor has
taken the line over. Less than 1 µs a byte means that nobody waits, which the flags in /proc/consoles must agree
with. It refuses while memory is short (\`some avg10\` above 5 %), with \`kernel.printk_devkmsg=off\`, and where consoles show
nothing but emergencies, and while a console guard has quieted the consoles. The first sentence, each remedy's standstill and all
findings then count with what was measured, in a guest too. What is measured is the sum over all consoles that are waited for: of a
remedy that takes one of them away it tells what is left where the speed of that one is known. In \`--json\` it is \`measured\`:
\`consoles\`, \`writesMs\`, \`wireBytes\` (of each line), \`msPerByte\` and \`isAsynchronous\`.

## What the figures are

- **The report** is rendered line by line as this kernel writes it: call trace, memory figures by node and zone, and
  one line for each process with memory of its own, but for PID 1. On 5.10, 6.1, 6.12 and 7.2 it is within 3 % of
  real reports; kernels between them are taken to be like the one before, and distributions that move lines between
  versions (RHEL) may differ more. Reports of a cgroup's limit are shorter, and take the same lock.
- **Held against the real thing**: \`test/lab/doctor.test.ts\` boots kernels in an emulated machine whose line is drained at
  38,400 baud, audits files that the guest told, and then has it run out of memory. On 5.10, 6.1 and 6.12 (2026-11-25, one run
  each) it said 2.19, 2.23 and 2.58 s; a bystander that allocates stood still for 2.22, 2.25 and 2.63 s, and bytes were 1.0 to 1.3 % more.
- **The speed** of a line is what \`stty\` says of it now, else what \`console=\` asked for, else the driver's 9,600 baud. In a
  guest it is *nominal*: an emulated port is rarely held to it, so that no freeze is stated, and the time is an upper bound.
- **Unknown** stays unknown: a screen (\`tty0\`), a hypervisor's console (\`hvc0\`) and netconsole have no speed that is known. What they
  take comes on top, and the sentence says "at least".
- **The kernel's log** is as large as the kernel says in it as it starts (where it grew, and since 6.13 always), else what
  \`log_buf_len=\` asks for, else what the kernel's configuration has; \`host.logBufferFrom\` tells which.
- **What helps** is as it is, and what makes the wait shorter, or prints less where a speed is not known; \`--json\` rates all
  of them. Where \`kernel.printk\` hides the bulk already, the first sentence says so, and what it would be with the kernel's
  default of \`7 4 1 7\`.
- **The remedy that is marked** is the first of one order, which the console guard has too: without the bulk, without all but
  errors, without the line, as [console-guard.md](console-guard.md) has it. It differs in one thing: for moments netconsole may miss the
  bulk, which dmesg has; for good that would be the end of the network's copy, so that the line is detached where
  another console stands in for it.
- **Who is waited for**: consoles whose flag in /proc/consoles is not N, unless the kernel is PREEMPT_RT. A boot console that
  stayed makes all of them waited for.

## Saved trees

\`--save-tree\` writes what the checks look at and no more: no arguments and no environment of any process, of the
kernel's command line and of configuration files the lines alone that are asked for. Of each process it has name,
user and sizes; its directory is for its owner alone. \`--root\` follows symbolic links inside the tree, and refuses a directory
without \`proc/\` with exit code 69.

Of the kernel's command line it keeps ${codes(KERNEL_PARAMETERS)}. All files
stand at the end of this page.

## The document

\`--json\` prints one line:

| key | what |
| --- | --- |
| \`schema\` | \`plimsoll.doctor/1\` |
| \`sentence\` | the conclusion in words |
| \`state\` | \`freeze\` (a second or more), \`short\`, \`none\`, \`nominal\` (a guest's line), \`unknown\` |
| \`freezeMs\` | how long every allocating process waits; null where that is not known |
| \`nominalMs\` | the same if every serial line were held to its speed |
| \`guardedMs\` | what a console guard at work leaves of it; null: there is none |
| \`isBound\` | it may take longer: a console's speed is not known, or not all processes are seen |
| \`host\` | \`release\`, \`hypervisor\` (null: none seen), \`isContainer\`, \`isRealtime\`, \`tasks\`, \`seesAllTasks\`, \`logBufferBytes\` |
| \`report\` | \`lines\` and \`bytes\`, with time stamps and line ends |
| \`consoles\` | each with \`name\`, \`kind\`, \`isSynchronous\`, \`baud\`, \`baudFrom\`, \`bytes\`, \`waitMs\`, \`nominalMs\` and \`parts\` (\`part\`, \`lines\`, \`bytes\`) |
| \`remedies\` | each with \`id\`, \`name\`, \`isBest\`, \`waitMs\`, \`nominalMs\`, \`unknown\` (consoles), \`keeps\`, \`loses\`, \`fix\` |
| \`findings\` | worst first, each with \`id\`, \`severity\` (\`high\`, \`medium\`, \`note\`), \`title\`, \`what\`, \`evidence\` (\`path\`, \`value\`), \`consequence\`, \`fix\`, \`givesUp\`, \`undo\` |
| \`unseen\` | \`what\` could not be seen, and \`why\` |

A \`fix\` is \`{now: [{path, value}], persistent: [{file, text}], advice}\`: what to write at once, which file of Plimsoll's own keeps it
over a reboot, and what only a person can do.

## Checks

\`high\`: the host stands still, or dies without a trace. \`medium\`: evidence or time is lost. \`note\`: worth knowing. A check whose
files are not there finds nothing; what may not be read stands under "not seen".

| id | what it asks | where it looks | healthy |
| --- | --- | --- | --- |
${CHECKS.map(rowOf).join('\n')}

## Files

All that is read and saved, but for \`/proc/PID/status\`, \`oom_score_adj\` of sshd and journald, the size of the log in
\`/boot/config-RELEASE\` or \`/proc/config.gz\`, and what \`stty\` says of a line. Of those marked with + some lines alone.

\`\`\`text
${files()}
\`\`\`
`
}
