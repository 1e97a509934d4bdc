/** @module Which messages there are in each direction: their number on the wire and their shape. */
import { REMEDIES } from '../console/records.ts'
import { LEAK_REASONS, LEAK_STATES } from '../leak/records.ts'
import type { GuardMessage, WebMessage } from './records.ts'
import { EVENT_KINDS, SUBJECT_KINDS } from './records.ts'
import type { FieldShape } from './shape.ts'
import { orNull } from './shape.ts'

export const PROTOCOL = 1

export interface MessageKind {
  /** The frame's type byte. */
  readonly code: number
  readonly shape: FieldShape
}

const NUMBER_OR_NULL = orNull('number')
const STRING_OR_NULL = orNull('string')

const VERDICT: FieldShape = {
  fields: {
    state: { oneOf: LEAK_STATES },
    reason: { oneOf: LEAK_REASONS },
    levelBytes: 'number',
    rateBytesPerSec: NUMBER_OR_NULL,
    rateLowBytesPerSec: NUMBER_OR_NULL,
    rateHighBytesPerSec: NUMBER_OR_NULL,
    sinceSec: NUMBER_OR_NULL,
    confirmedAtSec: NUMBER_OR_NULL,
    etaSec: NUMBER_OR_NULL,
    etaLowSec: NUMBER_OR_NULL,
    etaHighSec: NUMBER_OR_NULL,
    usedFraction: NUMBER_OR_NULL,
  },
}

const ROW: FieldShape = {
  fields: {
    id: 'string',
    kind: { oneOf: SUBJECT_KINDS },
    name: 'string',
    pid: NUMBER_OR_NULL,
    startTicks: NUMBER_OR_NULL,
    uid: NUMBER_OR_NULL,
    serviceId: STRING_OR_NULL,
    cgroup: STRING_OR_NULL,
    unit: STRING_OR_NULL,
    container: STRING_OR_NULL,
    processes: NUMBER_OR_NULL,
    levelBytes: 'number',
    anonBytes: NUMBER_OR_NULL,
    fileBytes: NUMBER_OR_NULL,
    shmemBytes: NUMBER_OR_NULL,
    swapBytes: NUMBER_OR_NULL,
    threads: NUMBER_OR_NULL,
    fds: NUMBER_OR_NULL,
    limit: orNull({ fields: { kind: 'string', headroomBytes: 'number' } }),
    verdict: VERDICT,
  },
}

const PSI: FieldShape = {
  fields: {
    someAvg10Pct: 'number',
    someAvg60Pct: 'number',
    fullAvg10Pct: 'number',
    fullAvg60Pct: 'number',
    someTotalUs: 'number',
    fullTotalUs: 'number',
  },
}

export const HOST: FieldShape = {
  fields: {
    bootMs: 'number',
    wallMs: 'number',
    memTotalBytes: 'number',
    memFreeBytes: 'number',
    memAvailableBytes: 'number',
    swapTotalBytes: 'number',
    swapFreeBytes: 'number',
    anonBytes: 'number',
    fileBytes: 'number',
    shmemBytes: 'number',
    slabReclaimableBytes: 'number',
    slabUnreclaimableBytes: 'number',
    pageTablesBytes: 'number',
    kernelStackBytes: 'number',
    vmallocBytes: NUMBER_OR_NULL,
    percpuBytes: NUMBER_OR_NULL,
    hugepagesBytes: 'number',
    socketBytes: NUMBER_OR_NULL,
    dmabufBytes: NUMBER_OR_NULL,
    bpfBytes: NUMBER_OR_NULL,
    unaccountedBytes: 'number',
    processes: 'number',
    psi: orNull(PSI),
  },
}

const EVENT: FieldShape = {
  fields: {
    id: 'string',
    hostId: 'string',
    bootId: 'string',
    bootMs: 'number',
    wallMs: 'number',
    kind: { oneOf: EVENT_KINDS },
    subject: orNull({
      fields: {
        id: 'string',
        pid: NUMBER_OR_NULL,
        startTicks: NUMBER_OR_NULL,
        comm: STRING_OR_NULL,
        cgroup: STRING_OR_NULL,
        unit: STRING_OR_NULL,
        container: STRING_OR_NULL,
      },
    }),
    reason: 'string',
    data: 'object',
  },
}

const CONSOLE: FieldShape = {
  fields: {
    remedy: { oneOf: REMEDIES },
    isQuiet: 'boolean',
    about: 'string',
    ownersPrintk: 'string',
    forCgroup: STRING_OR_NULL,
  },
}

export const GUARD_MESSAGES: Readonly<Record<GuardMessage['type'], MessageKind>> = {
  hello: {
    code: 1,
    shape: {
      fields: {
        protocol: { oneOf: [PROTOCOL] },
        version: 'string',
        pid: 'count',
        hostId: 'string',
        bootId: 'string',
        hostName: 'string',
        intervalMs: 'number',
        privileged: 'boolean',
      },
    },
  },
  sample: {
    code: 2,
    shape: {
      fields: {
        tick: 'count',
        part: 'count',
        parts: 'count',
        full: 'boolean',
        host: orNull(HOST),
        rows: { each: ROW },
        gone: 'strings',
      },
    },
  },
  event: { code: 3, shape: EVENT },
  state: {
    code: 4,
    shape: {
      fields: {
        startedWallMs: 'number',
        rssBytes: 'number',
        cpuSec: 'number',
        series: 'count',
        seriesDropped: 'count',
        framesDropped: 'count',
        resumedSeries: 'count',
        missing: { each: { fields: { what: 'string', why: 'string' } } },
        console: orNull(CONSOLE),
        errors: { valuesOf: 'count' },
      },
    },
  },
}

export const WEB_MESSAGES: Readonly<Record<WebMessage['type'], MessageKind>> = {
  subscribe: {
    code: 129,
    shape: { fields: { protocol: { oneOf: [PROTOCOL] }, keepsEvents: 'boolean' } },
  },
  inspect: { code: 130, shape: { fields: { id: 'string' } } },
  acknowledge: { code: 131, shape: { fields: { eventId: 'string' } } },
}
