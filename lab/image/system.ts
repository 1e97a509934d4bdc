/** @module A system on the guest's disk: Debian's systemd, and the little that makes it play a scene. */
import { unpackPackages } from '../archive/packages.ts'
import type { FileEntry } from '../machine/cpio.ts'
import type { SystemRoot } from '../machine/guest.ts'

/** The script of the scene, below the root. */
export const SCENE_SCRIPT = 'lab/scene'
/** The unit that plays it: a guest's kernel is told to start this target and nothing else. */
export const SCENE_TARGET = 'plimsoll-scene.target'

/**
 * The root of a guest with systemd and these packages of Debian bookworm besides. Their scripts
 * do not run: what they would set up is to be given as files.
 * @throws as `unpackPackages`
 */
export async function findSystem(
  packages: readonly string[] = [],
  signal?: AbortSignal,
): Promise<SystemRoot> {
  const names = ['systemd', 'systemd-sysv', ...packages] as const
  const system = await unpackPackages('bookworm', names as readonly [string, ...string[]], {
    withDependencies: true,
    signal,
  })
  return { system }
}

/** Started by no one here: they wait for devices, clocks and people that a guest does not have. */
const MASKED = [
  'systemd-networkd.service',
  'systemd-timesyncd.service',
  'systemd-resolved.service',
  'getty.target',
  'systemd-firstboot.service',
  'systemd-machine-id-commit.service',
  'systemd-update-utmp.service',
  'systemd-journal-flush.service',
  'systemd-random-seed.service',
  'systemd-binfmt.service',
  'dev-hugepages.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
]

const TEXTS: Readonly<Record<string, string>> = {
  // Any will do, and one that is not random makes every boot the same.
  'etc/machine-id': `${'1'.repeat(32)}\n`,
  'etc/hostname': 'guest\n',
  'etc/fstab': '',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  'etc/group': 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n',
  [`etc/systemd/system/${SCENE_TARGET}`]: `[Unit]
Description=The scene
Requires=plimsoll-scene.service
After=plimsoll-scene.service
AllowIsolate=yes
`,
  'etc/systemd/system/plimsoll-scene.service': `[Unit]
Description=Plays the scene

[Service]
ExecStart=/bin/busybox sh /${SCENE_SCRIPT}
`,
  // In memory, and nothing of it on the guest's consoles.
  'etc/systemd/journald.conf.d/lab.conf': '[Journal]\nStorage=volatile\nForwardToConsole=no\n',
}

/** What lies over a system's own files. */
export function systemFiles(): readonly FileEntry[] {
  return [
    ...Object.entries(TEXTS).map(
      ([path, text]): FileEntry => ({ kind: 'file', path, mode: 0o644, data: Buffer.from(text) }),
    ),
    ...MASKED.map(
      (unit): FileEntry => ({
        kind: 'link',
        path: `etc/systemd/system/${unit}`,
        target: '/dev/null',
      }),
    ),
  ]
}
