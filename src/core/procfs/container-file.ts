/** @module Names in the files that container runtimes keep. Their text is data like any other. */

/** Longer names are cut: these files are written by programs, with names that people chose. */
const MAX_NAME = 200

type Json = Readonly<Record<string, unknown>>

function toObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_NAME) : undefined
}

/** Keys by which runtimes tell a pod's namespace, name, and the container's name in it. */
const POD_KEYS = [
  // containerd's CRI plugin; a sandbox has no container name.
  [
    'io.kubernetes.cri.sandbox-namespace',
    'io.kubernetes.cri.sandbox-name',
    'io.kubernetes.cri.container-name',
  ],
  // The kubelet's own labels: cri-o's annotations, docker's labels.
  ['io.kubernetes.pod.namespace', 'io.kubernetes.pod.name', 'io.kubernetes.container.name'],
] as const

/** `NAMESPACE/POD/CONTAINER`. */
function podName(labels: Json): string | undefined {
  for (const [namespaceKey, podKey, containerKey] of POD_KEYS) {
    const pod = toText(labels[podKey])
    if (pod === undefined) continue
    const namespace = toText(labels[namespaceKey])
    const container = toText(labels[containerKey]) ?? 'POD'
    return [namespace, pod, container].filter((part) => part !== undefined).join('/')
  }
  return undefined
}

/** Docker's `config.v2.json`: `Name` is `/web`. */
export function parseDockerName(text: string): string | undefined {
  const config = toObject(parseJson(text))
  const labels = toObject(toObject(config.Config).Labels)
  return podName(labels) ?? toText(config.Name)?.replace(/^\//, '')
}

/** An OCI bundle's `config.json`, as containerd and cri-o annotate it for Kubernetes. */
export function parseBundleName(text: string): string | undefined {
  return podName(toObject(toObject(parseJson(text)).annotations))
}

/** The list of containers/storage (podman, cri-o): `[{"id": ..., "names": ["web"]}]`. */
export function parseStorageName(text: string, id: string): string | undefined {
  const list = parseJson(text)
  if (!Array.isArray(list)) return undefined
  const entry = toObject(list.find((candidate) => toObject(candidate).id === id))
  const names = entry.names
  return Array.isArray(names) ? toText(names[0]) : undefined
}
