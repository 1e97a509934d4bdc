/**
 * @module A made-up host for the browser: a shop's server, whose past and present are functions of
 * time alone, so that a page shows the same picture in each run.
 */
import { GIB, KIB, MIB } from '../../src/base/units.ts'
import type { LeakReason, LeakState, Verdict } from '../../src/core/leak/records.ts'
import type { HostRow } from '../../src/core/procfs/records.ts'
import type { LimitRow, SubjectRow } from '../../src/core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../../src/core/wire/rows.fixture.ts'

export const MEM_TOTAL = 16 * GIB
/** The host runs so long when the page is opened. */
const UPTIME_MS = 9 * 86_400_000

/** Level in bytes at `ageSec` before (negative) or after the moment the page is opened. */
type Shape = (ageSec: number) => number

interface Actor {
  readonly name: string
  readonly unit: string | null
  readonly container?: string
  readonly count?: number
  readonly shape: Shape
  readonly state?: LeakState
  readonly reason?: LeakReason
  /** How long it grows, before the page is opened. */
  readonly sinceSec?: number
  readonly rateBytesPerSec?: number
  readonly limit?: LimitRow['kind']
  readonly limitBytes?: number
  readonly fileBytes?: number
  readonly threads?: number
}

/** A fraction from 0 to 1 that is the same in each run. */
export function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 78.233) * 43_758.5453
  return x - Math.floor(x)
}

function steady(bytes: number): Shape {
  return () => bytes
}

function leak(fromBytes: number, rate: number, sinceSec: number): Shape {
  return (age) => {
    const grown = Math.max(0, age + sinceSec) * rate
    return fromBytes + grown + 3 * MIB * noise(Math.floor(age / 2))
  }
}

/** A garbage collector's: up and down over a floor that rises at `rate`. */
function sawtooth(floor: number, height: number, periodSec: number, rate: number): Shape {
  return (age) => {
    const phase = (((age % periodSec) + periodSec) % periodSec) / periodSec
    return floor + Math.max(0, age + 3_600) * rate + height * phase
  }
}

function fill(from: number, to: number, sinceSec: number, overSec: number): Shape {
  return (age) => from + (to - from) * Math.min(1, Math.max(0, (age + sinceSec) / overSec))
}

function load(from: number, swing: number): Shape {
  return (age) =>
    from + swing * (1 + Math.sin(age / 240)) * 0.5 + swing * 0.2 * noise(Math.floor(age / 5))
}

const SHOP_RATE = 46 * KIB
const THUMB_RATE = (9 * MIB) / 60
const INDEX_RATE = 22 * KIB

const ACTORS: readonly Actor[] = [
  {
    name: 'shop-api',
    unit: 'shop-api.service',
    shape: leak(620 * MIB, SHOP_RATE, 3_000),
    state: 'confirmed',
    reason: 'rises-steadily',
    sinceSec: 3_000,
    rateBytesPerSec: SHOP_RATE,
    limit: 'cgroup',
    limitBytes: 2 * GIB,
    fileBytes: 61 * MIB,
    threads: 23,
  },
  {
    name: 'thumbnailer',
    unit: 'media.service',
    container: 'media-thumbnailer-6f7d9',
    shape: leak(96 * MIB, THUMB_RATE, 1_500),
    state: 'confirmed',
    reason: 'rises-in-steps',
    sinceSec: 1_500,
    rateBytesPerSec: THUMB_RATE,
    limit: 'cgroup',
    limitBytes: 512 * MIB,
    threads: 9,
  },
  {
    name: 'java',
    unit: 'search-indexer.service',
    shape: sawtooth(1_400 * MIB, 420 * MIB, 95, INDEX_RATE),
    state: 'suspected',
    reason: 'floor-rises',
    sinceSec: 3_600,
    rateBytesPerSec: INDEX_RATE,
    limit: 'host',
    fileBytes: 190 * MIB,
    threads: 148,
  },
  {
    name: 'session-store',
    unit: 'session-store.service',
    shape: leak(88 * MIB, 61 * KIB, 240),
    state: 'growing',
    reason: 'young-growth',
    sinceSec: 240,
    rateBytesPerSec: 61 * KIB,
    limit: 'host',
  },
  {
    name: 'redis-server',
    unit: 'redis-server.service',
    shape: fill(120 * MIB, 512 * MIB, 2_400, 1_300),
    state: 'harmless',
    reason: 'plateau',
    threads: 6,
  },
  {
    name: 'php-fpm8.2',
    unit: 'php8.2-fpm.service',
    count: 14,
    shape: load(38 * MIB, 26 * MIB),
    state: 'harmless',
    reason: 'follows-load',
  },
  {
    name: 'node',
    unit: 'mailer.service',
    shape: sawtooth(140 * MIB, 90 * MIB, 40, 0),
    state: 'harmless',
    reason: 'sawtooth-flat-floor',
    threads: 11,
  },
  {
    name: 'postgres',
    unit: 'postgresql@15-main.service',
    count: 22,
    shape: steady(19 * MIB),
    fileBytes: 14 * MIB,
  },
  { name: 'nginx', unit: 'nginx.service', count: 5, shape: steady(12 * MIB), fileBytes: 8 * MIB },
  { name: 'prometheus', unit: 'prometheus.service', shape: load(410 * MIB, 30 * MIB), threads: 14 },
  { name: 'dockerd', unit: 'docker.service', shape: steady(74 * MIB), threads: 21 },
  { name: 'containerd', unit: 'containerd.service', shape: steady(41 * MIB), threads: 16 },
  { name: 'systemd-journal', unit: 'systemd-journald.service', shape: steady(22 * MIB) },
  { name: 'sshd', unit: 'ssh.service', count: 4, shape: steady(5 * MIB) },
  { name: 'systemd', unit: 'init.scope', shape: steady(9 * MIB) },
  { name: 'rsyslogd', unit: 'rsyslog.service', shape: steady(7 * MIB), threads: 4 },
  { name: 'cron', unit: 'cron.service', shape: steady(2 * MIB) },
  { name: 'bash', unit: null, count: 6, shape: steady(4 * MIB) },
  { name: 'chronyd', unit: 'chrony.service', shape: steady(3 * MIB) },
]

const FLAT: Verdict = rowFixture('x').verdict

function verdictOf(actor: Actor, age: number, bootSec: number, headroomBytes: number): Verdict {
  const levelBytes = Math.round(actor.shape(age))
  const { state = 'steady', reason = 'flat', rateBytesPerSec = null } = actor
  const base: Verdict = { ...FLAT, state, reason, levelBytes }
  if (rateBytesPerSec === null) return base
  const rateLowBytesPerSec = rateBytesPerSec * 0.9
  const rateHighBytesPerSec = rateBytesPerSec * 1.12
  const grown = rateBytesPerSec * ((actor.sinceSec ?? 0) + age)
  return {
    ...base,
    rateBytesPerSec,
    rateLowBytesPerSec,
    rateHighBytesPerSec,
    sinceSec: bootSec - age - (actor.sinceSec ?? 0),
    confirmedAtSec: state === 'confirmed' ? bootSec - age - (actor.sinceSec ?? 0) / 2 : null,
    etaSec: state === 'growing' ? null : headroomBytes / rateBytesPerSec,
    etaLowSec: state === 'growing' ? null : headroomBytes / rateHighBytesPerSec,
    etaHighSec: state === 'growing' ? null : headroomBytes / rateLowBytesPerSec,
    usedFraction: grown / (grown + headroomBytes),
  }
}

function serviceOf(actor: Actor, processes: readonly SubjectRow[]): SubjectRow | undefined {
  const { unit } = actor
  const first = processes[0]
  if (unit === null || first === undefined) return undefined
  const sum = (pick: (row: SubjectRow) => number | null): number =>
    processes.reduce((total, row) => total + (pick(row) ?? 0), 0)
  const levelBytes = sum((row) => row.levelBytes)
  return {
    ...first,
    id: `service:${unit}`,
    kind: 'service',
    name: unit,
    pid: null,
    startTicks: null,
    serviceId: null,
    processes: processes.length,
    levelBytes,
    anonBytes: sum((row) => row.anonBytes),
    fileBytes: sum((row) => row.fileBytes),
    threads: sum((row) => row.threads),
    fds: sum((row) => row.fds),
    verdict: { ...first.verdict, levelBytes },
  }
}

function rowsOf(actor: Actor, at: number, age: number, now: Now): SubjectRow[] {
  const { count = 1, unit, container = null, threads = 1, fileBytes = 3 * MIB } = actor
  const rows: SubjectRow[] = []
  for (let i = 0; i < count; i++) {
    const pid = 700 + at * 131 + i * 3
    const own = count === 1 ? 1 : 0.7 + 0.6 * noise(pid)
    const levelBytes = Math.round(actor.shape(age + i * 17) * own)
    const limitBytes = actor.limitBytes
    const headroomBytes =
      limitBytes === undefined ? now.availableBytes : Math.max(0, limitBytes - levelBytes)
    rows.push({
      ...rowFixture(`process:${pid}:${pid * 90}`),
      name: actor.name,
      pid,
      startTicks: pid * 90,
      uid: unit === null ? 1000 : 33,
      serviceId: unit === null ? null : `service:${unit}`,
      unit,
      container,
      cgroup: unit === null ? '/user.slice/user-1000.slice' : `/system.slice/${unit}`,
      levelBytes,
      anonBytes: levelBytes,
      fileBytes,
      threads,
      fds: 12 + Math.round(noise(pid + 1) * 60),
      limit: { kind: actor.limit ?? 'host', headroomBytes },
      verdict: { ...verdictOf(actor, age, now.bootSec, headroomBytes), levelBytes },
    })
  }
  const service = serviceOf(actor, rows)
  return service === undefined ? rows : [...rows, service]
}

function poolsOf(age: number, now: Now): SubjectRow[] {
  const pool = (kind: SubjectRow['kind'], name: string, levelBytes: number): SubjectRow => ({
    ...rowFixture(`${kind}:${name}`, { kind, name, levelBytes }),
    pid: null,
    startTicks: null,
    uid: null,
    cgroup: null,
    anonBytes: null,
    fileBytes: null,
    shmemBytes: null,
    swapBytes: null,
    threads: null,
    limit: { kind: kind === 'tmpfs' ? 'own-size' : 'host', headroomBytes: now.availableBytes },
  })
  return [
    pool('tmpfs', '/run', 14 * MIB),
    pool('tmpfs', '/dev/shm', 96 * MIB),
    pool('tmpfs', '/tmp', Math.round(210 * MIB + 6 * MIB * Math.sin(age / 300))),
    pool('slab', 'dentry', 148 * MIB),
    pool('slab', 'ext4_inode_cache', 233 * MIB),
    pool('slab', 'kmalloc-512', 21 * MIB),
    pool('kernel', 'page tables', 61 * MIB),
    pool('kernel', 'vmalloc', 47 * MIB),
    pool('cgroup', '/system.slice', 5 * GIB),
    pool('cgroup', '/user.slice', 96 * MIB),
  ]
}

interface Now {
  readonly bootSec: number
  readonly availableBytes: number
}

export interface Moment {
  readonly host: HostRow
  readonly rows: readonly SubjectRow[]
}

function hostAt(wallMs: number, age: number, rows: readonly SubjectRow[]): HostRow {
  const anonBytes = rows
    .filter((row) => row.kind === 'process')
    .reduce((sum, row) => sum + row.levelBytes, 640 * MIB)
  const fileBytes = Math.round(
    5.4 * GIB + 160 * MIB * Math.sin(age / 700) - (age > 0 ? 0 : age) * -2_000,
  )
  const used = anonBytes + fileBytes + (320 + 402 + 61 + 34 + 47 + 18 + 210) * MIB
  const memFreeBytes = Math.max(200 * MIB, MEM_TOTAL - used)
  const spike = Math.max(0, Math.sin(age / 97) - 0.86) * 60
  return {
    ...HOST_FIXTURE,
    wallMs,
    bootMs: UPTIME_MS + age * 1_000,
    memTotalBytes: MEM_TOTAL,
    memFreeBytes,
    memAvailableBytes: Math.round(memFreeBytes + fileBytes * 0.8),
    anonBytes,
    fileBytes,
    shmemBytes: 320 * MIB,
    slabReclaimableBytes: 381 * MIB,
    slabUnreclaimableBytes: 21 * MIB,
    pageTablesBytes: 61 * MIB,
    kernelStackBytes: 34 * MIB,
    vmallocBytes: 47 * MIB,
    percpuBytes: 18 * MIB,
    socketBytes: 2 * MIB,
    unaccountedBytes: 210 * MIB,
    processes: rows.filter((row) => row.kind === 'process').length,
    psi: {
      someAvg10Pct: spike + 0.4 * noise(Math.floor(age / 10)),
      someAvg60Pct: spike / 3,
      fullAvg10Pct: spike * 0.45,
      fullAvg60Pct: spike / 8,
      someTotalUs: 12_345,
      fullTotalUs: 2_345,
    },
  }
}

/**
 * The host at a moment.
 * @param openedMs when the page is opened, wall clock: what the shapes count from
 * @param isQuiet nothing grows or ever grew
 */
export function worldAt(wallMs: number, openedMs: number, isQuiet = false): Moment {
  const age = (wallMs - openedMs) / 1_000
  const now: Now = { bootSec: (UPTIME_MS + age * 1_000) / 1_000, availableBytes: 6.1 * GIB }
  const actors = isQuiet ? ACTORS.filter((actor) => actor.state === undefined) : ACTORS
  const rows = [
    ...actors.flatMap((actor) => rowsOf(actor, ACTORS.indexOf(actor), age, now)),
    ...poolsOf(age, now),
  ]
  return { host: hostAt(wallMs, age, rows), rows }
}
