/** @module One producer and its many consumers: what each takes of a report, how fast, and who waits for it. */
import { formatBytes } from '../../base/format.ts'
import type { HostConsole } from '../../core/console/cost.ts'
import { formatStall } from '../../core/console/model/explain.ts'
import { planPrinting } from '../../core/console/model/printing.ts'
import type { Setting } from '../../core/console/model/setting.ts'
import { stampBytes } from '../../core/console/wire.ts'

interface Consumer {
  readonly name: string
  readonly speed: string
  readonly waits: string
  readonly isWaitedFor: boolean
}

/** They read the kernel's buffer: the report stands there whole, whatever the consoles show. */
const READERS: readonly Consumer[] = [
  {
    name: 'dmesg',
    speed: 'reads when somebody asks',
    waits: 'nobody waits for it',
    isWaitedFor: false,
  },
  {
    name: 'journald, rsyslog',
    speed: 'read /dev/kmsg, /proc/kmsg',
    waits: 'nobody waits; they allocate, so they stand still too',
    isWaitedFor: false,
  },
  {
    name: 'netconsole',
    speed: 'a packet for each line',
    waits: 'gets lines at the pace of the slowest console beside it',
    isWaitedFor: false,
  },
]

function waitWords({ cost, isSynchronous }: HostConsole, bytes: number): string {
  if (bytes === 0) return 'shows nothing of it'
  const takes = `takes ${formatBytes(bytes)}`
  if (!isSynchronous) return `${takes}: nobody waits, a thread of its own prints`
  if (cost.from === 'unknown') return `${takes}: everybody waits, for how long is not known`
  return `${takes}: everybody waits ${formatStall(bytes * cost.msPerByte)}`
}

function consoleOf(console: HostConsole, bytes: number): Consumer {
  const { name, cost, isSynchronous } = console
  return {
    name,
    speed:
      cost.from === 'unknown' ? 'speed unknown' : `${Math.round(1000 / cost.msPerByte)} bytes/s`,
    waits: waitWords(console, bytes),
    isWaitedFor: isSynchronous && cost.from !== 'unknown' && bytes > 0,
  }
}

export function PrintkFlow({ setting }: { readonly setting: Setting }) {
  const isGlobal = setting.leakers > 0 || setting.containers === 0
  const lines = isGlobal ? setting.report : setting.containerReport
  const printed = setting.dumpsTasks ? lines : lines.filter(({ part }) => part !== 'task-table')
  const own = stampBytes(setting.stamp)
  const whole = printed.reduce((sum, { text }) => sum + text.length + own, 0)
  const shown = planPrinting(lines, setting, setting.printk).parts.reduce(
    (sum, { bytes }) => sum + bytes,
    0,
  )
  const consumers = [...setting.consoles.map((one) => consoleOf(one, shown)), ...READERS]
  return (
    <div class="flow">
      <div class="flow-box">
        <b>the killer</b>
        <small>
          {printed.length} lines, {formatBytes(whole)}; holds oom_lock until the last console has
          its line
        </small>
      </div>
      <span class="flow-arrow" aria-hidden="true">
        →
      </span>
      <div class="flow-box">
        <b>ring buffer</b>
        <small>gets all of it, as fast as memory is</small>
      </div>
      <span class="flow-arrow" aria-hidden="true">
        →
      </span>
      <ul class="flow-ends">
        {consumers.map(({ name, speed, waits, isWaitedFor }) => (
          <li key={name} class={`flow-box ${isWaitedFor ? 'waited' : ''}`}>
            <b>
              {isWaitedFor ? '▲ ' : ''}
              {name}
            </b>
            <small>
              {speed}; {waits}
            </small>
          </li>
        ))}
      </ul>
    </div>
  )
}
