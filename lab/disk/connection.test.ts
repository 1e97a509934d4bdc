import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COMMAND, INFO, NBD_ERROR, OPTION, OPTION_REPLY } from './nbd.ts'
import {
  connectClient,
  connectRaw,
  encodeClientFlags,
  encodeOption,
  encodeRequest,
  type RawClient,
} from './nbd-client.fixture.ts'
import { sectorsOf, startDisk } from './volatile-disk.fixture.ts'

const flags = encodeClientFlags()
const begin = Buffer.concat([flags, encodeOption(OPTION.exportName)])
const request = encodeRequest({ type: COMMAND.flush })
const largeOption = encodeOption(OPTION.go, Buffer.alloc(8193))
const largeWrite = encodeRequest({ type: COMMAND.write, length: 2 ** 25 + 512 })

const BROKEN: readonly (readonly [name: string, sent: Buffer, reason: string])[] = [
  [
    'unknown client flags',
    encodeClientFlags(0x80000001),
    'it set client flags that were not offered: 0x80000001',
  ],
  [
    'an option without its magic',
    Buffer.concat([flags, Buffer.alloc(16, 0x41)]),
    'an option began with the wrong magic number',
  ],
  [
    'an option that is too large',
    Buffer.concat([flags, largeOption.subarray(0, 16)]),
    'option 7 has 8193 bytes of data, 8192 at most are taken',
  ],
  [
    'another export',
    Buffer.concat([flags, encodeOption(OPTION.exportName, Buffer.from('x'))]),
    'it asked for an export of another name',
  ],
  [
    'options without end',
    Buffer.concat([flags, ...new Array(64).fill(encodeOption(OPTION.list))]),
    'it sent more than 64 options',
  ],
  [
    'a request without its magic',
    Buffer.concat([begin, Buffer.alloc(28, 0x41)]),
    'a request began with the wrong magic number',
  ],
  [
    'a write that is too large',
    Buffer.concat([begin, largeWrite]),
    'a write of 33554944 bytes, 33554432 at most are taken',
  ],
]

const CUT_SHORT: readonly (readonly [name: string, sent: Buffer, reason: string])[] = [
  ['in the flags', flags.subarray(0, 3), 'it ended after 3 of 4 bytes'],
  ['in an option', begin.subarray(0, 10), 'it ended after 6 of 16 bytes'],
  [
    'before the data of an option',
    Buffer.concat([flags, encodeOption(OPTION.go, Buffer.alloc(6)).subarray(0, 16)]),
    'it ended before the data of option 7',
  ],
  [
    'in a request',
    Buffer.concat([begin, request.subarray(0, 27)]),
    'it ended after 27 of 28 bytes',
  ],
  [
    'in the bytes of a write',
    Buffer.concat([
      begin,
      encodeRequest({ type: COMMAND.write, payload: sectorsOf(2) }).subarray(0, 100),
    ]),
    'it ended after 72 of 512 bytes',
  ],
]

test('a client that breaks the protocol is cut off, and the reason logged', async (t) => {
  const { disk, logged } = await startDisk(t, 8)
  for (const [name, sent, reason] of BROKEN) {
    await t.test(name, async () => {
      const client = await connectRaw(disk.socketPath)
      client.socket.write(sent)
      await client.readToEnd()
      assert.equal(logged.pop(), `a connection was ended: ${reason}`)
    })
  }
  assert.equal(disk.journal().length, 0)
})

test('a client that leaves in the middle is logged', async (t) => {
  const { disk, logged } = await startDisk(t, 8)
  for (const [name, sent, reason] of CUT_SHORT) {
    await t.test(name, async () => {
      const client = await connectRaw(disk.socketPath)
      client.socket.end(sent)
      await client.readToEnd()
      assert.equal(logged.pop(), `a connection was ended: ${reason}`)
    })
  }
  assert.equal(disk.journal().length, 0)
})

test('a client that leaves between two requests is no news', async (t) => {
  const { disk, logged } = await startDisk(t, 8)
  for (const sent of [Buffer.alloc(0), flags, begin, Buffer.concat([begin, request])]) {
    const client = await connectRaw(disk.socketPath)
    client.socket.end(sent)
    await client.readToEnd()
  }
  assert.deepEqual(logged, [])
})

const REFUSED: readonly (readonly [name: string, sent: Buffer, error: number])[] = [
  [
    'a read beyond the end',
    encodeRequest({ type: COMMAND.read, offset: 7 * 512, length: 1024 }),
    NBD_ERROR.invalid,
  ],
  [
    'a write beyond the end',
    encodeRequest({ type: COMMAND.write, offset: 7 * 512, payload: sectorsOf(2, 3) }),
    NBD_ERROR.noSpace,
  ],
  [
    'zeros beyond the end',
    encodeRequest({ type: COMMAND.writeZeroes, length: 2 ** 32 - 512 }),
    NBD_ERROR.noSpace,
  ],
  [
    'a read at half a sector',
    encodeRequest({ type: COMMAND.read, offset: 256, length: 512 }),
    NBD_ERROR.invalid,
  ],
  [
    'half a sector',
    encodeRequest({ type: COMMAND.write, payload: Buffer.alloc(256) }),
    NBD_ERROR.invalid,
  ],
  ['nothing at all', encodeRequest({ type: COMMAND.read }), NBD_ERROR.invalid],
  [
    'flags that were not offered',
    encodeRequest({ type: COMMAND.writeZeroes, flags: 16, length: 512 }),
    NBD_ERROR.invalid,
  ],
  ['a flush of a range', encodeRequest({ type: COMMAND.flush, length: 512 }), NBD_ERROR.invalid],
  ['a trim', encodeRequest({ type: 4, length: 512 }), NBD_ERROR.invalid],
]

test('a request that will not do is refused, and the next one served', async (t) => {
  const { disk, logged } = await startDisk(t, 8)
  const client = await connectClient(disk.socketPath)
  for (const [name, sent, error] of REFUSED) {
    await t.test(name, async () => {
      client.socket.write(sent)
      assert.equal(await client.takeAnswer(0), error)
      assert.equal((await client.read(0, 512)).length, 512)
    })
  }
  assert.equal(disk.journal().length, 0)
  assert.deepEqual(logged, [])
  await client.disconnect()
})

interface OptionReply {
  readonly option: number
  readonly type: number
  readonly data: Buffer
}

async function takeOptionReply(client: RawClient): Promise<OptionReply> {
  const header = await client.take(20)
  const length = header.readUInt32BE(16)
  const data = length === 0 ? Buffer.alloc(0) : await client.take(length)
  return { option: header.readUInt32BE(8), type: header.readUInt32BE(12), data }
}

/** The data of INFO and GO. */
function askAbout(name: string, asked: readonly number[]): Buffer {
  const bytes = Buffer.alloc(6 + name.length + 2 * asked.length)
  bytes.writeUInt32BE(name.length, 0)
  bytes.write(name, 4)
  bytes.writeUInt16BE(asked.length, 4 + name.length)
  asked.forEach((info, i) => {
    bytes.writeUInt16BE(info, 6 + name.length + 2 * i)
  })
  return bytes
}

test('options are answered as the protocol says', async (t) => {
  const { disk } = await startDisk(t, 8)
  const client = await connectRaw(disk.socketPath)
  client.socket.write(encodeClientFlags())
  const cases = [
    ['structured replies', encodeOption(8), [OPTION_REPLY.errUnsupported]],
    ['a list', encodeOption(OPTION.list), [OPTION_REPLY.server, OPTION_REPLY.ack]],
    ['a list of something', encodeOption(OPTION.list, Buffer.alloc(1)), [OPTION_REPLY.errInvalid]],
    ['another export', encodeOption(OPTION.info, askAbout('x', [])), [OPTION_REPLY.errUnknown]],
    ['no name', encodeOption(OPTION.info, Buffer.alloc(5)), [OPTION_REPLY.errInvalid]],
    [
      'a name longer than the data',
      encodeOption(OPTION.info, Buffer.from([0, 0, 0, 9, 0, 0])),
      [OPTION_REPLY.errInvalid],
    ],
    [
      'information',
      encodeOption(OPTION.info, askAbout('', [INFO.blockSize])),
      [OPTION_REPLY.info, OPTION_REPLY.info, OPTION_REPLY.ack],
    ],
  ] as const
  for (const [name, sent, types] of cases) {
    await t.test(name, async () => {
      client.socket.write(sent)
      for (const type of types) {
        const reply = await takeOptionReply(client)
        assert.deepEqual([reply.option, reply.type], [sent.readUInt32BE(8), type])
      }
    })
  }
  client.socket.write(encodeOption(OPTION.go, askAbout('', [INFO.blockSize])))
  assert.equal((await takeOptionReply(client)).data.toString('hex'), '00000000000000001000004d')
  assert.equal((await takeOptionReply(client)).data.toString('hex'), '0003000002000000100002000000')
  assert.equal((await takeOptionReply(client)).type, OPTION_REPLY.ack)
  client.socket.write(encodeRequest({ type: COMMAND.read, length: 512, cookie: 5 }))
  assert.equal((await client.take(16 + 512)).readUInt32BE(12), 5)
  client.socket.write(encodeRequest({ type: COMMAND.disconnect }))
  await client.readToEnd()
})

test('a client that aborts gets its answer and is let go', async (t) => {
  const { disk, logged } = await startDisk(t, 8)
  const client = await connectRaw(disk.socketPath)
  client.socket.write(Buffer.concat([encodeClientFlags(), encodeOption(OPTION.abort)]))
  assert.equal((await takeOptionReply(client)).type, OPTION_REPLY.ack)
  await client.readToEnd()
  assert.deepEqual(logged, [])
})

test('a client that wants them gets its 124 zeros', async (t) => {
  const { disk } = await startDisk(t, 8)
  const client = await connectRaw(disk.socketPath)
  client.socket.write(Buffer.concat([encodeClientFlags(1), encodeOption(OPTION.exportName)]))
  const bytes = await client.take(134)
  assert.equal(bytes.readBigUInt64BE(0), 4096n)
  assert.ok(bytes.subarray(10).equals(Buffer.alloc(124)))
  client.socket.end()
})
