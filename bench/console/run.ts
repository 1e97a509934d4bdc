/**
 * @module What `plimsoll doctor` predicts of an OOM, beside what real kernels print and others feel:
 * `npm run bench:console -- [--kernel 6.1]... [--case '200 19200']... [--quick] [--keep DIR] [--write]`. Each guest is
 * read as the doctor reads a host, just before it runs out of memory. Others may run guests between two of these.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Kernel, KernelVersion } from '../../lab/archive/kernels.ts'
import { findKernel, KERNEL_VERSIONS } from '../../lab/archive/kernels.ts'
import type { Case } from './cases.ts'
import { ALL, QUICK, settingOf } from './cases.ts'
import type { Row } from './compare.ts'
import { isMet, mergeTable, missesOf } from './compare.ts'
import { play } from './play.ts'

const DOCUMENT = 'docs/console-bench.md'
const TABLE = /(?<=<!-- table -->\n)[\s\S]*(?=\n<!-- \/table -->)/
/** Others' work on this machine is in the times, and luck in who asks: what deviates is measured again. */
const TRIES = 3

const { values } = parseArgs({
  options: {
    kernel: { type: 'string', multiple: true },
    case: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

async function measure(kernel: Kernel, one: Case): Promise<Row> {
  const rows: Row[] = []
  let deaths = 0
  const isSettled = (): boolean => rows.length === TRIES || (rows.length > 0 && rows.every(isMet))
  while (!isSettled()) {
    const row = await play(kernel, one, values.keep ?? null)
    if (row === null) {
      deaths++
      console.error(`${kernel.name} died of itself (${deaths})`)
      if (deaths === TRIES) throw new Error(`${kernel.name} died ${deaths} times`)
      continue
    }
    rows.push(row)
    console.error(`${missesOf(row).join(', ') || 'met'} ${JSON.stringify(row)}`)
  }
  const byTime = rows.toSorted((a, b) => a.seen.printedMs - b.seen.printedMs)
  const middle = byTime[Math.floor(byTime.length / 2)] as Row
  return { ...middle, runs: rows.length }
}

function isWanted(one: Case): boolean {
  const name = `${one.tasks} ${one.baud} ${settingOf(one)}`
  return values.case?.some((start) => name.startsWith(start)) ?? true
}

function writeRows(rows: readonly Row[]): void {
  const text = readFileSync(DOCUMENT, 'utf8')
  writeFileSync(
    DOCUMENT,
    text.replace(TABLE, (before) => mergeTable(before, rows)),
  )
}

const names = (values.kernel ?? KERNEL_VERSIONS) as readonly KernelVersion[]
const rows: Row[] = []
for (const name of names) {
  const kernel = await findKernel(name)
  for (const one of (values.quick ? QUICK : ALL).filter(isWanted)) {
    const row = await measure(kernel, one)
    rows.push(row)
    if (values.write) writeRows([row])
  }
}
console.log(mergeTable('', rows))
const met = rows.filter(isMet).length
console.log(`\n${met} of ${rows.length} predictions met`)
if (met < rows.length) process.exitCode = 1
