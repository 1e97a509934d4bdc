/** @module Scenes for tests: a host with a leak, a service and a pool, looked at in a plain way. */
import type { SubjectRow } from '../../../core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../../../core/wire/rows.fixture.ts'
import { arrangeRows } from './arrange.ts'
import type { Look } from './look.ts'
import { createModel, takeSnapshot } from './model.ts'
import type { Screen } from './screen.ts'
import { createScreen } from './screen.ts'
import type { WatchSnapshot } from './source.ts'
import type { Scene, Size } from './view.ts'

export const PLAIN_LOOK: Look = {
  isColour: false,
  hasAttributes: false,
  isUnicode: true,
  isLight: false,
  utcOffsetMin: 0,
}

const QUIET = rowFixture('any').verdict

/** Grows 9 MiB/s since 12 s, some 100 s are left. Confirmed. */
export const LEAK: SubjectRow = rowFixture('process:4121:777', {
  name: 'leak-steady',
  levelBytes: 113_246_208,
  threads: 1,
  fds: 4,
  cgroup: '/user.slice',
  limit: { kind: 'rlimit-as', headroomBytes: 943_718_400 },
  verdict: {
    state: 'confirmed',
    reason: 'rises-steadily',
    levelBytes: 113_246_208,
    rateBytesPerSec: 9_437_184,
    rateLowBytesPerSec: 9_000_000,
    rateHighBytesPerSec: 10_000_000,
    sinceSec: 988,
    confirmedAtSec: 996,
    etaSec: 98,
    etaLowSec: 90,
    etaHighSec: 110,
    usedFraction: 0.11,
  },
})

export const SERVICE: SubjectRow = rowFixture('service:nginx.service', {
  kind: 'service',
  name: 'nginx.service',
  pid: null,
  startTicks: null,
  unit: 'nginx.service',
  processes: 4,
  levelBytes: 83_886_080,
})

export const POOL: SubjectRow = rowFixture('tmpfs:/dev/shm', {
  kind: 'tmpfs',
  name: '/dev/shm',
  pid: null,
  startTicks: null,
  levelBytes: 4_194_304,
  anonBytes: null,
  fileBytes: null,
  shmemBytes: null,
  swapBytes: null,
  threads: null,
  verdict: { ...QUIET, state: 'harmless', reason: 'plateau', levelBytes: 4_194_304 },
})

export function snapshotFixture(changed: Partial<WatchSnapshot> = {}): WatchSnapshot {
  return {
    from: 'agent',
    reason: 'connected to guard 812 at /run/plimsoll/guard.sock',
    connected: true,
    guardPid: 812,
    hostName: 'db1',
    privileged: true,
    intervalMs: 1000,
    sinceWallMs: HOST_FIXTURE.wallMs - 60_000,
    ticks: 2,
    host: HOST_FIXTURE,
    rows: [POOL, SERVICE, LEAK],
    missing: [],
    ...changed,
  }
}

/** As it was one tick before: half as large. */
function before(snapshot: WatchSnapshot): WatchSnapshot {
  const rows = snapshot.rows.map((row) => ({ ...row, levelBytes: row.levelBytes / 2 }))
  return { ...snapshot, ticks: snapshot.ticks - 1, rows }
}

export function sceneFixture(
  snapshot: WatchSnapshot | null,
  size: Size,
  changed: Partial<Screen> = {},
  look: Look = PLAIN_LOOK,
): Scene {
  const model = createModel()
  if (snapshot !== null) {
    takeSnapshot(model, before(snapshot))
    takeSnapshot(model, snapshot)
  }
  const screen = { ...createScreen('worst', ''), ...changed }
  return { model, screen, list: arrangeRows(snapshot?.rows ?? [], screen), size, look }
}
