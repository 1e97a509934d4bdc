import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOOT_HEADER_BYTES, readImageRelease } from './boot-image.ts'

const TEXT_AT = 0x3a40

function image(version: string): Buffer {
  const head = Buffer.alloc(BOOT_HEADER_BYTES)
  head.write('HdrS', 0x202)
  head.writeUInt16LE(TEXT_AT - 0x200, 0x20e)
  head.write(version, TEXT_AT)
  return head
}

test('the release is the first word of the version', () => {
  const version = '6.12.118+deb13-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP\0'
  assert.equal(readImageRelease(image(version)), '6.12.118+deb13-cloud-amd64')
  assert.equal(readImageRelease(image('5.10.0_x~1\0')), '5.10.0_x~1')
})

test('what is no image, or cut short, has none', () => {
  const noPointer = image('6.1.0 x\0')
  noPointer.writeUInt16LE(0, 0x20e)
  const cut = image('6.1.0 x\0').subarray(0, TEXT_AT)
  const hostile = image('\x1b[2J6.1.0 \0')
  for (const head of [Buffer.alloc(0), Buffer.alloc(4096), noPointer, cut, hostile]) {
    assert.equal(readImageRelease(head), null)
  }
})
