/** @module Containers by name, from the files of their runtimes; no socket is asked. */
import { statSync } from 'node:fs'
import type { ContainerRef } from '../core/procfs/cgroup-path.ts'
import {
  parseBundleName,
  parseDockerName,
  parseStorageName,
} from '../core/procfs/container-file.ts'
import { decodeText } from '../core/procfs/scan.ts'
import { readWhole } from './files.ts'

export interface ContainerNames {
  /** The name, if a file has it. Files are read once for each container. */
  nameOf(container: ContainerRef, nowMs: number): string | undefined
  /** Containers that are known by their id alone. */
  unnamed(): number
}

/** A bundle's file has some 10 to 100 KiB; a longer one is not read. */
const MAX_FILE_BYTES = 1024 * 1024
const MAX_NAMES = 2048
/** Without a name it is tried again so often: the runtime may not have written it yet. */
const RETRY_MS = 60_000

const STORAGE = ['/run/containers/storage', '/var/lib/containers/storage']

type Source = readonly [path: string, parse: (text: string, id: string) => string | undefined]

/** Where each runtime keeps the name, in the order of being likely. */
function sourcesOf({ runtime, id }: ContainerRef): Source[] {
  const docker: Source[] = [[`/var/lib/docker/containers/${id}/config.v2.json`, parseDockerName]]
  const containerd: Source[] = ['/run/containerd', '/run/k3s/containerd'].map((root) => [
    `${root}/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
    parseBundleName,
  ])
  const storage: Source[] = STORAGE.flatMap((root): Source[] => [
    [`${root}/overlay-containers/${id}/userdata/config.json`, parseBundleName],
    [`${root}/overlay-containers/containers.json`, parseStorageName],
    [`${root}/overlay-containers/volatile-containers.json`, parseStorageName],
  ])
  switch (runtime) {
    case 'docker':
      return docker
    case 'containerd':
      return containerd
    case 'crio':
    case 'podman':
      return storage
    case 'unknown':
      return [...containerd, ...docker, ...storage]
    case 'lxc':
    case 'machine':
      return []
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

/** @param root in front of every path; '' but where another tree is read */
export function openContainerNames(root: string): ContainerNames {
  const names = new Map<string, { readonly name: string | undefined; readonly atMs: number }>()

  function readText(path: string): string | undefined {
    const size = sizeOf(`${root}${path}`)
    if (size === 0 || size > MAX_FILE_BYTES) return undefined
    // Of its own: seldom used, and too large to be kept.
    const buffer = new Uint8Array(size)
    const length = readWhole(`${root}${path}`, buffer)
    return length > 0 ? decodeText(buffer, 0, length) : undefined
  }

  function readName(container: ContainerRef): string | undefined {
    for (const [path, parse] of sourcesOf(container)) {
      const text = readText(path)
      const name = text === undefined ? undefined : parse(text, container.id)
      if (name !== undefined) return name
    }
    return undefined
  }

  return {
    nameOf(container, nowMs) {
      // lxc and machined have names alone.
      if (container.runtime === 'lxc' || container.runtime === 'machine') return container.id
      let known = names.get(container.id)
      if (known === undefined || (known.name === undefined && nowMs - known.atMs >= RETRY_MS)) {
        if (names.size >= MAX_NAMES) names.clear()
        known = { name: readName(container), atMs: nowMs }
        names.set(container.id, known)
      }
      return known.name
    },
    unnamed: () => [...names.values()].filter(({ name }) => name === undefined).length,
  }
}
