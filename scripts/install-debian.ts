/**
 * @module Installs the Debian packages that the tests use, where this user may; says in one line
 * what stays missing. Tests that need a missing program skip with that reason.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const NEEDED: readonly { program: string; debianPackage: string; usedBy: string }[] = [
  { program: 'chromium', debianPackage: 'chromium', usedBy: 'browser tests' },
  // Debian only recommends the headers of libc, and a compiler is of no use here without.
  { program: 'gcc', debianPackage: 'gcc libc6-dev', usedBy: 'leaking programs in C' },
  { program: 'g++', debianPackage: 'g++', usedBy: 'leaking programs in C++' },
  { program: 'tmux', debianPackage: 'tmux', usedBy: 'tests of the terminal' },
  { program: 'python3', debianPackage: 'python3', usedBy: 'leaking programs in Python' },
  { program: 'qemu-system-x86_64', debianPackage: 'qemu-system-x86', usedBy: 'emulated machines' },
  { program: 'qemu-img', debianPackage: 'qemu-utils', usedBy: 'disks of emulated machines' },
  { program: 'busybox', debianPackage: 'busybox-static', usedBy: 'emulated machines' },
  { program: 'mke2fs', debianPackage: 'e2fsprogs', usedBy: 'disks of emulated machines' },
  { program: 'rg', debianPackage: 'ripgrep', usedBy: 'the peer of plimsoll explain' },
  { program: 'xz', debianPackage: 'xz-utils', usedBy: 'tests of packed logs' },
  { program: 'wat2wasm', debianPackage: 'wabt', usedBy: 'the check of the scanner of logs' },
  { program: 'valgrind', debianPackage: 'valgrind', usedBy: 'its verdict beside that of lab leak' },
]

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((dir) => {
    try {
      accessSync(`${dir}/${program}`, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const missing = NEEDED.filter((need) => !isOnPath(need.program))
if (missing.length > 0 && process.getuid?.() === 0 && isOnPath('apt-get')) {
  const packages = missing.flatMap((need) => need.debianPackage.split(' '))
  console.error(`plimsoll: installing Debian packages ${packages.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
}
const still = NEEDED.filter((need) => !isOnPath(need.program))
if (still.length > 0) {
  const list = still.map((need) => `${need.usedBy} (apt-get install ${need.debianPackage})`)
  console.error(`plimsoll: skipped for want of a program: ${list.join(', ')}`)
}
