import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type HeapAtExit, parseValgrindXml } from './valgrind-report.ts'

const TESTDATA = join(import.meta.dirname, 'testdata')
const REPORT = readFileSync(join(TESTDATA, 'four-kinds.xml'), 'utf8')
const SUMMARY = readFileSync(join(TESTDATA, 'four-kinds.txt'), 'utf8')

/** As valgrind itself adds it up, in words. */
function inSummary(words: string): HeapAtExit[keyof HeapAtExit] {
  const [, bytes = '', blocks = ''] =
    new RegExp(`${words}: ([\\d,]+) bytes in ([\\d,]+) blocks`).exec(SUMMARY) ?? []
  return { bytes: Number(bytes.replaceAll(',', '')), blocks: Number(blocks.replaceAll(',', '')) }
}

test("the report's records add up to valgrind's own summary", () => {
  assert.deepEqual(parseValgrindXml(REPORT), {
    definitelyLost: inSummary('definitely lost'),
    indirectlyLost: inSummary('indirectly lost'),
    possiblyLost: inSummary('possibly lost'),
    stillReachable: inSummary('still reachable'),
  })
  assert.deepEqual(inSummary('definitely lost'), { bytes: 3000, blocks: 3 })
})

const NONE = { bytes: 0, blocks: 0 }
const EMPTY: HeapAtExit = {
  definitelyLost: NONE,
  indirectlyLost: NONE,
  possiblyLost: NONE,
  stillReachable: NONE,
}
const NO_RECORDS = REPORT.replaceAll(/<error>.*?<\/error>/gs, '')
const lost = (text: string, bytes: string, blocks = '2', kind = 'Leak_DefinitelyLost'): string =>
  NO_RECORDS.replace(
    '<errorcounts>',
    `<error><kind>${kind}</kind><xwhat><text>${text}</text><leakedbytes>${bytes}</leakedbytes>` +
      `<leakedblocks>${blocks}</leakedblocks></xwhat></error><errorcounts>`,
  )

const CASES: readonly [what: string, xml: string, expected: HeapAtExit | undefined][] = [
  ['nothing was lost', NO_RECORDS, EMPTY],
  [
    'what hangs from a lost block is not counted twice',
    lost('3,003,600 (3,003,000 direct, 600 indirect) bytes in 2 blocks are', '3003600'),
    { ...EMPTY, definitelyLost: { bytes: 3_003_000, blocks: 2 } },
  ],
  ['an error that is no leak', lost('', '', '', 'UninitCondition'), EMPTY],
  ['a kind of a later version', lost('', '7', '1', 'Leak_Unheard'), EMPTY],
  ['a figure that is none', lost('words', 'many'), undefined],
  ['a figure that is missing', lost('words', ''), undefined],
  ['a figure beyond all memory', lost('words', '9'.repeat(30)), undefined],
  ['a report that is cut off', REPORT.slice(0, -20), undefined],
  ['a program that still runs', REPORT.replace('FINISHED', 'RUNNING'), undefined],
  ['another tool', REPORT.replace('>memcheck<', '>helgrind<'), undefined],
  ['nothing', '', undefined],
  ['words', 'valgrind: failed to start tool', undefined],
]
for (const [what, xml, expected] of CASES) {
  test(`valgrind's report: ${what}`, () => assert.deepEqual(parseValgrindXml(xml), expected))
}
