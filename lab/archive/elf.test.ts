import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isStaticElf } from './elf.ts'

const LOAD = 1
const INTERP = 3

/** The headers of a 64-bit ELF with segments of these types. */
function elf(types: readonly number[], machine = 62): Buffer {
  const head = Buffer.alloc(64 + 56 * types.length)
  head.write('\x7fELF', 0, 'latin1')
  head[4] = 2
  head[5] = 1
  head.writeUInt16LE(machine, 18)
  head.writeBigUInt64LE(64n, 32)
  head.writeUInt16LE(56, 54)
  head.writeUInt16LE(types.length, 56)
  types.forEach((type, index) => {
    head.writeUInt32LE(type, 64 + 56 * index)
  })
  return head
}

test('a program without a loader is static', () => {
  assert.equal(isStaticElf(elf([LOAD, LOAD])), true)
  assert.equal(isStaticElf(elf([LOAD, INTERP])), false)
})

test('another machine, a cut file and what is no ELF are not', () => {
  const aarch64 = elf([LOAD], 183)
  const cut = elf([LOAD, LOAD]).subarray(0, 64 + 56)
  for (const head of [
    aarch64,
    cut,
    elf([]),
    Buffer.alloc(0),
    Buffer.from('#!/bin/sh\n'.repeat(9)),
  ]) {
    assert.equal(isStaticElf(head), false)
  }
})

test('the Node that runs this needs libraries', () => {
  assert.equal(isStaticElf(readFileSync(process.execPath).subarray(0, 4096)), false)
})
