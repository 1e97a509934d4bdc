/** @module The kubelet's memory threshold: its default of 100 MiB is nothing on a large host. */
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { parseMemory } from '../kernel-arguments.ts'
import { meminfoKb, textOf } from '../reading.ts'

const PATH = '/var/lib/kubelet/config.yaml'
const DEFAULT_BYTES = 100 * 2 ** 20
const FROM_KB = 32 * 1024 * 1024

/** Bytes of `500Mi`, `1Gi`, `5%`. */
function thresholdBytes(text: string, totalBytes: number): number | null {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)
  if (percent !== null) return (Number(percent[1]) / 100) * totalBytes
  return parseMemory(text)
}

export const check: Check = {
  id: 'kubelet-eviction',
  asks: 'Does the kubelet evict before the kernel kills?',
  looksAt: [PATH, '/proc', '/proc/meminfo'],
  healthy: 'evictionHard memory.available of 1 % of memory or more',
  find(facts) {
    const totalKb = meminfoKb(facts, 'MemTotal')
    if (!facts.running.has('kubelet') || totalKb === null || totalKb < FROM_KB) return null
    const set = /^\s*memory\.available:\s*["']?([\w.%<]+)/m.exec(textOf(facts, PATH) ?? '')?.[1]
    const bytes = set === undefined ? DEFAULT_BYTES : thresholdBytes(set, totalKb * 1024)
    if (bytes === null || bytes >= totalKb * 1024 * 0.01) return null
    const gib = Math.max(1, Math.round((totalKb * 0.015) / 2 ** 20))
    return {
      severity: 'medium',
      title: `The kubelet evicts when ${set ?? '100Mi (its default)'} are left of ${Math.round(totalKb / 2 ** 20)} GiB`,
      what: 'It looks every ten seconds or so; a leak fills that much in less.',
      evidence: [{ path: PATH, value: `memory.available: ${set ?? 'not set'}` }],
      consequence:
        'The kernel kills first, a container or one of the host, instead of an orderly eviction.',
      fix: adviceOnly(
        `evictionHard: memory.available: "${gib}Gi" in ${PATH}, with systemReserved and kubeReserved, and restart the kubelet.`,
      ),
      givesUp: `${gib} GiB that pods cannot use`,
      undo: 'set it back and restart the kubelet',
    }
  },
}
