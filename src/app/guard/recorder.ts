/**
 * @module What the guard writes into the flight recorder: every event, the host's memory now and then, and from the
 * first step of a shortage on the scene and what the kernel says. Buffers are there from the start, and
 * nobody waits for the disk.
 */
import { messageOf } from '../../base/errors.ts'
import { formatBytes, formatPercent } from '../../base/format.ts'
import { SECOND_MS } from '../../base/units.ts'
import type { HostRow } from '../../core/procfs/records.ts'
import type { Event } from '../../core/wire/records.ts'
import type { RecorderSettings } from '../../io/guard/settings.ts'
import { openRecorder, type Recorder } from '../../io/record/recorder.ts'
import { closeFile, openFile, readOpen } from '../../linux/files.ts'
import type { HostIdentity } from '../../linux/identity.ts'
import { openKmsgTail } from '../../linux/kmsg-tail.ts'
import type { Sampler } from '../../linux/sampler.ts'
import type { Happening } from '../monitor/verdict-events.ts'
import { createKmsgRecording } from './kmsg-recording.ts'
import type { GuardLog } from './log.ts'
import { createProcessTops } from './process-tops.ts'
import { createStrain } from './strain.ts'

export interface GuardRecorderOptions {
  readonly settings: RecorderSettings
  readonly procRoot: string
  readonly identity: HostIdentity
  readonly sampler: Sampler
  /** With the time of now. */
  readonly makeEvent: (happening: Happening) => Event
  readonly log: GuardLog
}

export interface GuardRecorder {
  record(event: Event): void
  /** After each look at the host. */
  tick(host: HostRow): void
  /**
   * Memory, pressure, processes and the kernel's log as they are now, to a reader of the recorder; some milliseconds,
   * and no waiting.
   */
  captureScene(why: string): void
  /** Resolves once all of it is on the disk: true, or false where it cannot be now. */
  flush(): Promise<boolean>
  stop(): Promise<void>
}

const CALM_SAMPLE_MS = 60 * SECOND_MS
/** From the beginning of a shortage on, until it is how this host lives. */
const SHORT_SAMPLE_MS = 5 * SECOND_MS
const SHORT_FOR_MS = 120 * SECOND_MS
const OPEN_AGAIN_MS = 60 * SECOND_MS
/** Larger than any event that fits a frame of the guard's socket. */
const TEXT_BYTES = 64 * 1024

function explainStrain(change: 'begins' | 'ends', host: HostRow): string {
  const { memAvailableBytes, swapFreeBytes, memTotalBytes, psi } = host
  const left = `${formatBytes(memAvailableBytes + swapFreeBytes)} of ${formatBytes(memTotalBytes)} left`
  const waiting =
    psi === null ? '' : `, all tasks waited ${formatPercent(psi.fullAvg10Pct / 100)} of the time`
  return `memory is ${change === 'begins' ? 'short' : 'no longer short'}: ${left}${waiting}`
}

/** Starts it; what keeps it from its work is said, and tried again. */
export async function startRecorder(options: GuardRecorderOptions): Promise<GuardRecorder> {
  const { settings, procRoot, identity, sampler, makeEvent, log } = options
  const meminfo = openFile(`${procRoot}/meminfo`)
  const pressure = openFile(`${procRoot}/pressure/memory`)
  const kmsg = openKmsgTail(settings.kmsg)
  const kmsgRecording = createKmsgRecording(kmsg)
  const tops = createProcessTops()
  const strain = createStrain()
  const encoder = new TextEncoder()
  const bytes = new Uint8Array(TEXT_BYTES)
  const text = { bytes, length: 0 }
  let recorder: Recorder | undefined
  let again: NodeJS.Timeout | undefined
  let isStopping = false
  /** Of the last tick, and so of what is written by it. */
  let bootMs = 0
  let wallMs = 0
  let sampledAtMs = Number.NEGATIVE_INFINITY
  let shortSinceMs = Number.NaN

  const putKmsg = (from: Uint8Array, length: number): void => {
    recorder?.put('kmsg', from, length, bootMs, wallMs)
  }

  function putJson(type: 'event' | 'sample', value: Event | HostRow): void {
    const json = JSON.stringify(value)
    const { read, written } = encoder.encodeInto(json, bytes)
    if (read === json.length) recorder?.put(type, bytes, written, value.bootMs, value.wallMs)
    else log.say(4, 'PLM_RECORD', `an event of ${json.length} characters was not recorded`)
  }

  function tell(happening: Happening): void {
    putJson('event', makeEvent(happening))
  }

  function explainStart({ isDirect, setAside }: Recorder): string {
    const how = isDirect ? '' : ' through the page cache, where a write may wait for memory'
    const old = setAside === null ? '' : `; the file before is ${setAside}`
    return `guard ${process.pid} records in ${settings.file}${how}${old}`
  }

  async function open(): Promise<void> {
    again = undefined
    const { file, bytes: fileBytes } = settings
    try {
      recorder = await openRecorder({
        path: file,
        bytes: fileBytes,
        ...identity,
        wallMs: Date.now(),
        onFault: (why) => log.say(4, 'PLM_RECORD', `${file} takes nothing now: ${why}`),
      })
    } catch (error) {
      log.say(4, 'PLM_RECORD', messageOf(error))
      if (!isStopping) again = setTimeout(begin, OPEN_AGAIN_MS)
      return
    }
    const reason = explainStart(recorder)
    log.say(6, 'PLM_RECORDER', reason)
    const { isDirect } = recorder
    const data = { what: 'recorder-start', pid: process.pid, isDirect, kmsgMissing: kmsg.missing }
    tell({ kind: 'lifecycle', subject: null, reason, data })
  }

  let opening = open()
  function begin(): void {
    opening = open()
  }
  await opening

  function putFile(type: 'meminfo' | 'pressure', fd: number): void {
    const length = fd < 0 ? 0 : readOpen(fd, bytes)
    if (length > 0) recorder?.put(type, bytes, length, bootMs, wallMs)
  }

  function captureScene(why: string): void {
    tell({ kind: 'scene', subject: null, reason: why, data: { what: 'scene' } })
    putFile('meminfo', meminfo)
    putFile('pressure', pressure)
    text.length = 0
    tops.write(sampler.table, text)
    recorder?.put('processes', bytes, text.length, bootMs, wallMs)
    kmsgRecording.capture(bootMs, putKmsg)
  }

  function followStrain(host: HostRow): void {
    const change = strain.follow(host)
    if (change === null) return
    shortSinceMs = bootMs
    const { memAvailableBytes, swapFreeBytes, memTotalBytes, psi } = host
    const data = {
      what: change === 'begins' ? 'short' : 'eased',
      roomBytes: memAvailableBytes + swapFreeBytes,
      totalBytes: memTotalBytes,
      fullAvg10Pct: psi?.fullAvg10Pct ?? null,
    }
    tell({ kind: 'pressure', subject: null, reason: explainStrain(change, host), data })
    if (change === 'begins') captureScene('the host as memory gets short')
  }

  function sample(host: HostRow): void {
    const isBeginning = strain.isShort && bootMs - shortSinceMs < SHORT_FOR_MS
    if (bootMs - sampledAtMs < (isBeginning ? SHORT_SAMPLE_MS : CALM_SAMPLE_MS)) return
    sampledAtMs = bootMs
    putJson('sample', host)
  }

  return {
    record: (event) => putJson('event', event),
    tick(host) {
      bootMs = host.bootMs
      wallMs = host.wallMs
      tops.follow(sampler.table, bootMs)
      followStrain(host)
      kmsgRecording.follow(bootMs, strain.isShort, putKmsg)
      if (recorder !== undefined) sample(host)
    },
    captureScene,
    flush: () => recorder?.flush() ?? Promise.resolve(false),
    async stop() {
      isStopping = true
      clearTimeout(again)
      await opening
      const reason = `guard ${process.pid} stops recording`
      tell({ kind: 'lifecycle', subject: null, reason, data: { what: 'recorder-stop' } })
      await recorder?.close()
      kmsg.close()
      closeFile(meminfo)
      closeFile(pressure)
    },
  }
}
