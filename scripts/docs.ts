/**
 * @module The documents that are made from tables of the code: `npm run docs` writes them,
 * and a test fails where one is stale.
 */
import { writeFileSync } from 'node:fs'
import { renderReadme } from '../lab/leaks/readme.ts'
import { ERRORS } from '../src/base/errors.ts'
import type { Key } from '../src/io/config/table.ts'
import { TABLE } from '../src/io/config/table.ts'
import { CHECK_INDEX, renderCheckIndex } from './check-index.ts'
import { renderDoctorDoc } from './doctor-doc.ts'

type AnyKey = Key<unknown, unknown>

const SECTION_WORDS: Readonly<Record<keyof typeof TABLE, string>> = {
  agent: 'What is watched, and where its state is kept.',
  web: 'Dashboard, API and metrics.',
  history: 'What is remembered.',
  guard: 'What is done about a leak.',
  console: 'What is done about slow consoles.',
  recorder: 'What is kept of a host that dies. `docs/recorder.md` says how.',
  notify:
    'Who is told when a leak is confirmed, and again when it is over. A subject that is marked as expected or muted is not told of. `docs/notifications.md` says what is sent.',
}

function initialOf({ initial, absent }: AnyKey): string {
  return initial === null ? (absent ?? 'nothing') : `\`${JSON.stringify(initial)}\``
}

function describeKey(section: string, name: string, key: AnyKey): string {
  return `### \`[${section}] ${name}\`

${key.meaning}

- Allowed: ${key.kind.allowed}
- Default: ${initialOf(key)}
- Example: \`${name} = ${key.example}\`
`
}

function describeSection(section: keyof typeof TABLE): string {
  const keys: Readonly<Record<string, AnyKey>> = TABLE[section]
  const parts = Object.entries(keys).map(([name, key]) => describeKey(section, name, key))
  return [`## [${section}]\n\n${SECTION_WORDS[section]}\n`, ...parts].join('\n')
}

/** docs/configuration.md */
export function renderConfiguration(): string {
  const sections = (Object.keys(TABLE) as (keyof typeof TABLE)[]).map(describeSection)
  return `# Configuration

<!-- Made by scripts/docs.ts from src/io/config/table.ts. -->

One TOML file, and none is needed: every key has a default. \`plimsoll agent --config FILE\` names it;
otherwise root's is \`/etc/plimsoll/plimsoll.toml\` and anybody else's
\`$XDG_CONFIG_HOME/plimsoll/plimsoll.toml\` or \`~/.config/plimsoll/plimsoll.toml\`.

\`plimsoll agent --check-config\` checks it and starts nothing. The agent checks it in the same way at
its start: a wrong key or value is named with file, line, what was got and what is allowed, all of
them at once, and then nothing is started.

Sizes are written as \`"256MiB"\` (B, KiB, MiB, GiB, TiB; K, M, G, T mean the same), durations as \`"500ms"\`, \`"1s"\`, \`"5min"\`,
\`"2h"\`, \`"1d"\`.

${sections.join('\n')}`
}

/** docs/errors.md */
export function renderErrors(): string {
  const rows = Object.entries(ERRORS).map(([code, { exit, hint }]) => {
    return `| \`${code}\` | ${exit} | ${hint.replaceAll('|', '\\|')} |`
  })
  return `# Errors

<!-- Made by scripts/docs.ts from src/base/errors.ts. -->

A command that fails says what it attempted, what it got, the code of the error and what to do. The
code stays the same from version to version; match on it. Anything without a code is a bug, told with
its stack and exit code 70.

| code | exit code | what to do |
| --- | --- | --- |
${rows.join('\n')}

Exit codes of every command: 0 nothing found, 10 finding, 11 incomplete or no verdict, 2 usage, 69
unavailable, 70 internal, 77 permission.
`
}

export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  [CHECK_INDEX]: renderCheckIndex,
  'docs/configuration.md': renderConfiguration,
  'docs/doctor.md': renderDoctorDoc,
  'docs/errors.md': renderErrors,
  'lab/leaks/README.md': renderReadme,
}

if (import.meta.main) {
  for (const [file, render] of Object.entries(DOCUMENTS)) writeFileSync(file, render())
}
