/** @module Rows for tests: a plain process, changed where a test says so. */
import type { HostRow } from '../procfs/records.ts'
import type { HelloBody, SampleBody, SubjectRow } from './records.ts'

export function rowFixture(id: string, changed: Partial<SubjectRow> = {}): SubjectRow {
  const levelBytes = changed.levelBytes ?? 10_485_760
  return {
    id,
    kind: 'process',
    name: id,
    pid: 4121,
    startTicks: 777,
    uid: 1000,
    serviceId: null,
    cgroup: '/',
    unit: null,
    container: null,
    processes: null,
    levelBytes,
    anonBytes: levelBytes,
    fileBytes: 4096,
    shmemBytes: 0,
    swapBytes: 0,
    threads: 1,
    fds: null,
    limit: { kind: 'host', headroomBytes: 8_589_934_592 },
    verdict: {
      state: 'steady',
      reason: 'flat',
      levelBytes,
      rateBytesPerSec: null,
      rateLowBytesPerSec: null,
      rateHighBytesPerSec: null,
      sinceSec: null,
      confirmedAtSec: null,
      etaSec: null,
      etaLowSec: null,
      etaHighSec: null,
      usedFraction: null,
    },
    ...changed,
  }
}

export const HOST_FIXTURE: HostRow = {
  bootMs: 1_000_000,
  wallMs: 1_790_000_000_000,
  memTotalBytes: 17_179_869_184,
  memFreeBytes: 4_294_967_296,
  memAvailableBytes: 8_589_934_592,
  swapTotalBytes: 0,
  swapFreeBytes: 0,
  anonBytes: 6_442_450_944,
  fileBytes: 5_368_709_120,
  shmemBytes: 268_435_456,
  slabReclaimableBytes: 134_217_728,
  slabUnreclaimableBytes: 134_217_728,
  pageTablesBytes: 33_554_432,
  kernelStackBytes: 16_777_216,
  vmallocBytes: 67_108_864,
  percpuBytes: null,
  hugepagesBytes: 0,
  socketBytes: null,
  dmabufBytes: null,
  bpfBytes: null,
  unaccountedBytes: 402_653_184,
  processes: 214,
  psi: {
    someAvg10Pct: 0,
    someAvg60Pct: 0.2,
    fullAvg10Pct: 0,
    fullAvg60Pct: 0.1,
    someTotalUs: 12_345,
    fullTotalUs: 2_345,
  },
}

export const HELLO_FIXTURE: HelloBody = {
  protocol: 1,
  version: '0.1.0',
  pid: 900,
  hostId: 'd3b07384d113edec49eaa6238ad5ff00',
  bootId: '0b1c2d3e-0000-4000-8000-000000000000',
  hostName: 'db1',
  intervalMs: 1000,
  privileged: true,
}

export function sampleFixture(changed: Partial<SampleBody> = {}): SampleBody {
  return {
    tick: 1,
    part: 0,
    parts: 1,
    full: false,
    host: HOST_FIXTURE,
    rows: [],
    gone: [],
    ...changed,
  }
}
