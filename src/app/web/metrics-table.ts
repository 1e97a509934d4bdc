/**
 * @module All metrics, one table: name, meaning, and where its figures come from. Names follow
 * Prometheus (base units, `_total` on counters) and node_exporter's words where it has one. What could
 * not be read is absent, never 0.
 */
import type { HostRow } from '../../core/procfs/records.ts'
import type { StateBody, SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { ChannelCounts } from '../../io/notify/deliver.ts'
import type { HistoryStats } from './history.ts'
import type { SubjectGroup } from './metrics-subjects.ts'

/** What is measured, as of one scrape. */
export interface Measured {
  readonly host: HostRow | null
  readonly rows: ReadonlyMap<SubjectId, SubjectRow>
  readonly subjects: readonly SubjectGroup[]
  readonly isGuardConnected: boolean
  readonly tickAtMs: number | null
  readonly guardVersion: string | null
  readonly state: StateBody | null
  readonly history: HistoryStats
  readonly notify: readonly ChannelCounts[]
  readonly streamReaders: number
  readonly webRssBytes: number
}

export interface Sample {
  /** `null`: not known, so not told. */
  readonly value: number | null
  readonly labels?: Readonly<Record<string, string>>
}

export interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  readonly labels: readonly string[]
  /** Whether it is told without a session and without the token. */
  readonly isPublic: boolean
  readonly read: (measured: Measured) => readonly Sample[]
}

type Read = (measured: Measured) => readonly Sample[]

function one(value: number | null | undefined): readonly Sample[] {
  return [{ value: value ?? null }]
}

function ofHost(pick: (host: HostRow) => number | null | undefined): Read {
  return ({ host }) => one(host === null ? null : pick(host))
}

function ofState(pick: (state: StateBody) => number): Read {
  return ({ state }) => one(state === null ? null : pick(state))
}

function ofSubjects(pick: (group: SubjectGroup) => number | null): Read {
  return ({ subjects }) =>
    subjects.map((group) => ({ value: pick(group), labels: { ...group.labels } }))
}

/** What the host's memory is used for; together with `free` these make up MemTotal. */
function hostByUse(host: HostRow): Readonly<Record<string, number | null>> {
  return {
    anon: host.anonBytes,
    file: host.fileBytes,
    shmem: host.shmemBytes,
    slab_reclaimable: host.slabReclaimableBytes,
    slab_unreclaimable: host.slabUnreclaimableBytes,
    page_tables: host.pageTablesBytes,
    kernel_stack: host.kernelStackBytes,
    vmalloc: host.vmallocBytes,
    percpu: host.percpuBytes,
    hugepages: host.hugepagesBytes,
    socket: host.socketBytes,
    dmabuf: host.dmabufBytes,
    bpf: host.bpfBytes,
    unaccounted: host.unaccountedBytes,
    free: host.memFreeBytes,
  }
}

/** Several webhooks are one channel. */
function byChannel(pick: (counts: ChannelCounts) => number): Read {
  return ({ notify }) => {
    const sums = new Map<string, number>()
    for (const counts of notify) sums.set(counts.name, (sums.get(counts.name) ?? 0) + pick(counts))
    return [...sums].map(([channel, value]) => ({ value, labels: { channel } }))
  }
}

function countSubjects(rows: Iterable<SubjectRow>): Sample[] {
  const counts = new Map<string, { kind: string; state: string; count: number }>()
  for (const { kind, verdict } of rows) {
    const key = `${kind} ${verdict.state}`
    const entry = counts.get(key) ?? { kind, state: verdict.state, count: 0 }
    entry.count++
    counts.set(key, entry)
  }
  return [...counts.values()].map(({ kind, state, count }) => ({
    value: count,
    labels: { kind, state },
  }))
}

function define(
  access: 'public' | 'full',
  type: Metric['type'],
  name: string,
  help: string,
  read: Read,
  labels: readonly string[] = [],
): Metric {
  return { name: `plimsoll_${name}`, type, help, labels, isPublic: access === 'public', read }
}

/** Codes of contained errors; there are fewer. */
const MAX_CODES = 50
const SUBJECT_LABELS = ['kind', 'name', 'unit', 'container'] as const

const HOST_METRICS: readonly Metric[] = [
  define(
    'public',
    'gauge',
    'host_memory_bytes',
    'Memory of the host by what it is used for.',
    ({ host }) =>
      host === null
        ? []
        : Object.entries(hostByUse(host)).map(([use, value]) => ({ value, labels: { use } })),
    ['use'],
  ),
  define(
    'public',
    'gauge',
    'host_memory_total_bytes',
    'MemTotal of /proc/meminfo.',
    ofHost((host) => host.memTotalBytes),
  ),
  define(
    'public',
    'gauge',
    'host_memory_available_bytes',
    'MemAvailable of /proc/meminfo: what can be had without swapping.',
    ofHost((host) => host.memAvailableBytes),
  ),
  define(
    'public',
    'gauge',
    'host_swap_total_bytes',
    'SwapTotal of /proc/meminfo.',
    ofHost((host) => host.swapTotalBytes),
  ),
  define(
    'public',
    'gauge',
    'host_swap_free_bytes',
    'SwapFree of /proc/meminfo.',
    ofHost((host) => host.swapFreeBytes),
  ),
  define(
    'public',
    'gauge',
    'host_processes',
    'Processes, kernel threads not counted.',
    ofHost((host) => host.processes),
  ),
  define(
    'public',
    'counter',
    'pressure_memory_waiting_seconds_total',
    'Time in which some task waited for memory (PSI, some).',
    ofHost((host) => host.psi && host.psi.someTotalUs / 1e6),
  ),
  define(
    'public',
    'counter',
    'pressure_memory_stalled_seconds_total',
    'Time in which every task waited for memory (PSI, full).',
    ofHost((host) => host.psi && host.psi.fullTotalUs / 1e6),
  ),
]

const SUBJECT_METRICS: readonly Metric[] = [
  define(
    'full',
    'gauge',
    'subjects',
    'Processes, services and pools that are watched, by verdict.',
    ({ rows }) => countSubjects(rows.values()),
    ['kind', 'state'],
  ),
  define(
    'public',
    'gauge',
    'subject_memory_bytes',
    'Memory that is judged: anonymous, shmem and swap of a process or service, else its usage.',
    ofSubjects((group) => group.levelBytes),
    SUBJECT_LABELS,
  ),
  define(
    'full',
    'gauge',
    'subject_growth_bytes_per_second',
    'Rate of growth, where something grows.',
    ofSubjects((group) => group.rateBytesPerSec),
    SUBJECT_LABELS,
  ),
  define(
    'full',
    'gauge',
    'subject_time_to_exhaustion_seconds',
    'Time until the tightest limit is reached at this rate.',
    ofSubjects((group) => group.etaSec),
    SUBJECT_LABELS,
  ),
  define(
    'full',
    'gauge',
    'subject_leak_state',
    'Always 1; the label says the verdict that stands.',
    ({ subjects }) =>
      subjects.map(({ labels, state }) => ({ value: 1, labels: { ...labels, state } })),
    [...SUBJECT_LABELS, 'state'],
  ),
]

const OWN_METRICS: readonly Metric[] = [
  define('public', 'gauge', 'guard_up', '1 while the guard is connected.', (measured) =>
    one(measured.isGuardConnected ? 1 : 0),
  ),
  define(
    'public',
    'gauge',
    'guard_last_tick_timestamp_seconds',
    'When the last sample came.',
    ({ tickAtMs }) => one(tickAtMs === null ? null : tickAtMs / 1000),
  ),
  define(
    'full',
    'gauge',
    'guard_info',
    'Always 1; the label says the version of the guard.',
    ({ guardVersion }) =>
      guardVersion === null ? [] : [{ value: 1, labels: { version: guardVersion } }],
    ['version'],
  ),
  define(
    'full',
    'gauge',
    'guard_start_time_seconds',
    'When the guard started.',
    ofState((state) => state.startedWallMs / 1000),
  ),
  define(
    'full',
    'gauge',
    'guard_resident_memory_bytes',
    'Resident memory of the guard.',
    ofState((state) => state.rssBytes),
  ),
  define(
    'full',
    'counter',
    'guard_cpu_seconds_total',
    'CPU time of the guard, user and system.',
    ofState((state) => state.cpuSec),
  ),
  define(
    'full',
    'gauge',
    'guard_series',
    'Series that the detector follows.',
    ofState((state) => state.series),
  ),
  define(
    'full',
    'counter',
    'guard_series_dropped_total',
    'Subjects that were not followed, for want of room.',
    ofState((state) => state.seriesDropped),
  ),
  define(
    'full',
    'counter',
    'guard_frames_dropped_total',
    'Frames that a reader of the guard was too slow for.',
    ofState((state) => state.framesDropped),
  ),
  define(
    'full',
    'counter',
    'guard_errors_total',
    'Errors that the guard contained, by code.',
    ({ state }) =>
      Object.entries(state?.errors ?? {})
        .slice(0, MAX_CODES)
        .map(([code, value]) => ({ value, labels: { code } })),
    ['code'],
  ),
  define(
    'full',
    'gauge',
    'web_resident_memory_bytes',
    'Resident memory of the web process.',
    ({ webRssBytes }) => one(webRssBytes),
  ),
  define(
    'full',
    'gauge',
    'web_stream_readers',
    'Open streams of server-sent events.',
    ({ streamReaders }) => one(streamReaders),
  ),
  define('full', 'gauge', 'history_bytes', 'Size of the history.', ({ history }) =>
    one(history.usedBytes),
  ),
  define(
    'full',
    'gauge',
    'history_in_memory',
    '1 while the history is kept in memory only, since its file cannot be used.',
    ({ history }) => one(history.isInMemory ? 1 : 0),
  ),
  define(
    'full',
    'counter',
    'history_dropped_total',
    'Points and events that could not be stored.',
    ({ history }) => one(history.dropped),
  ),
  define(
    'full',
    'gauge',
    'history_failing',
    '1 while the history cannot be written and waits in memory.',
    ({ history }) => one(history.isFailing ? 1 : 0),
  ),
  define(
    'full',
    'counter',
    'notifications_total',
    'Notifications that were delivered.',
    byChannel((counts) => counts.delivered),
    ['channel'],
  ),
  define(
    'full',
    'counter',
    'notifications_failed_total',
    'Notifications that were given up.',
    byChannel((counts) => counts.failed),
    ['channel'],
  ),
]

export const METRICS: readonly Metric[] = [...HOST_METRICS, ...SUBJECT_METRICS, ...OWN_METRICS]

/** The table of docs/metrics.md. */
export function formatMetricsTable(): string {
  const lines = METRICS.map(({ name, type, labels, isPublic, help }) => {
    const given = labels.length === 0 ? '' : labels.map((label) => `\`${label}\``).join(', ')
    return `| \`${name}\` | ${type} | ${given} | ${isPublic ? 'all' : 'session or token'} | ${help} |`
  })
  return [
    '| metric | type | labels | told to | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}
