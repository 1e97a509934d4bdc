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
\`\`\`

\`\`\`text
$ plimsoll doctor
${example()}
\`\`\`

It changes nothing. It reads some hundred small files once, and neither /proc/consoles nor a serial port while
memory is short (\`full avg10\` above 10 %): both would wait for a report that is being printed.

Exit codes: 0 nothing found, or notes alone; 10 something was found; 11 nothing was found, but not all that was looked for
could be seen; 2 usage.

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
- **Who is waited for**: consoles whose flag in /proc/consoles is not N, unless the kernel is PREEMPT_RT. A boot console that
  stayed makes all of them waited for.

## Saved trees

\`--save-tree\` writes what the checks look at and no more: no arguments and no environment of any process, of the
kernel's command line and of configuration files the lines alone that are asked for. Of each process it has name,
user and sizes; its directory is for its owner alone. \`--root\` follows symbolic links inside the tree.

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
