/** @module For a guest: records, each told on a port once it is on the disk. `node record-writer.mjs FILE PORT COUNT`. */
import { appendFileSync } from 'node:fs'
import { MIB } from '../../src/base/units.ts'
import { openRecorder } from '../../src/io/record/recorder.ts'

const [path = '', port = '', count = '0'] = process.argv.slice(2)
const recorder = await openRecorder({
  path,
  bytes: MIB,
  bootId: '',
  hostId: 'guest',
  hostName: 'guest',
  wallMs: Date.now(),
  onFault: (why) => console.error(why),
})
const { isDirect } = recorder
appendFileSync(port, `${JSON.stringify({ event: 'recording', isDirect })}\n`)
for (let record = 0; record < Number(count); record++) {
  // Of one slot up to four.
  const text = `${record} ${String.fromCharCode(97 + (record % 26)).repeat((record % 4) * 3900)}`
  const bytes = new TextEncoder().encode(text)
  recorder.put('kmsg', bytes, bytes.length, performance.now(), Date.now())
  if (await recorder.flush()) {
    appendFileSync(port, `${JSON.stringify({ event: 'recorded', record })}\n`)
  }
}
await recorder.close()
