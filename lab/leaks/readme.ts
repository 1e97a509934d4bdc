/** @module README.md, made from the catalogue. */
import { formatBytes, formatRate } from '../../src/base/format.ts'
import { CATALOGUE } from './catalogue.ts'
import { HARMLESS } from './harmless.ts'
import { LEAKING } from './leaking.ts'
import { type LeakProgram, leaksMemory } from './program.ts'

const LANGUAGE_NAMES: Readonly<Record<LeakProgram['language'], string>> = {
  c: 'C',
  'c++': 'C++',
  node: 'Node',
  python: 'Python',
  java: 'Java',
}

function begin({ name, language }: LeakProgram): string {
  return `| \`${name}\` | ${LANGUAGE_NAMES[language]}`
}

function leakRow(program: LeakProgram): string {
  const { truth, boundBytes, imitates } = program
  const rate = leaksMemory(truth) ? formatRate(truth.rateBytesPerSec) : 'no memory'
  const onset = truth.onsetSec ? `${truth.onsetSec} s` : 'at once'
  const cells = [truth.kind, rate, onset, program.subject, formatBytes(boundBytes), imitates]
  return `${begin(program)} | ${cells.join(' | ')} |`
}

function harmlessRow(program: LeakProgram): string {
  const { subject, boundBytes, imitates } = program
  return `${begin(program)} | ${subject} | ${formatBytes(boundBytes)} | ${imitates} |`
}

/** lab/leaks/README.md */
export function renderReadme(): string {
  return `# Programs that leak, and programs that do not

<!-- Made by scripts/docs.ts from lab/leaks/leaking.ts and harmless.ts. -->

${CATALOGUE.length} small real programs with what is true of them, to hold a detector's verdict against.

\`\`\`
npm run leak -- leak-steady                   # one line of JSON with its pid and truth; ends at its bound
npm run leak -- cache-fill --seconds 60       # one that only looks as if
npm run leak -- leak-late --rate 10           # its own time runs ten times as fast
npm run bench:leaks                           # each of them under the detector, with a table
npm run bench:leaks -- --record DIR           # the same, kept as labelled traces
plimsoll detect --manifest DIR/manifest.jsonl DIR
npm run bench:detect -- --recorded DIR        # these traces under all detectors
\`\`\`

**Bound.** No program takes more than its bound, which is also the limit that it is judged by: RLIMIT_AS for
C, C++ and Python, the heap's limit for Node (\`--max-old-space-size\`) and Java (\`-Xmx\`), which reserve more
address space than they use. A leak ends there, as a real program would. Each dies with whoever started
it, ends at SIGTERM, leaves neither file nor segment, and sleeps between its steps.

**Pace.** LEAK_PACE (\`--rate\`) makes a program's own time run faster: rates grow and what takes time takes
less of it, while how much is ever held stays the same. Each tells its story within 90 s of its own
time; \`bench:leaks\` gives it these at pace 1, three at a time, and takes 22 minutes for all.

**Truth.** The rate is that of resident memory, with what allocator and runtime add, from the onset on;
\`bench:leaks\` measures it beside. A trace's \`truth.leaking\` says whether memory leaks: \`leak-fds\` leaks
descriptors, and no memory. Of a \`service\`, all processes are taken together; of \`tmpfs\`, what is in
/dev/shm is the trace's \`rss_shmem\`, since it is in no process' figures.

## Leaking

| program | language | what grows | rate | onset | subject | bound | imitates |
| --- | --- | --- | --- | --- | --- | --- | --- |
${LEAKING.map(leakRow).join('\n')}

## Harmless

| program | language | subject | bound | imitates |
| --- | --- | --- | --- | --- |
${HARMLESS.map(harmlessRow).join('\n')}

A language whose compiler or runtime is not installed is skipped, by test and benchmark, with the reason.
`
}
