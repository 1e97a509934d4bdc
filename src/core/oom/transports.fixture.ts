/** @module Ways on which a report reaches a reader: each turns plain records into a log, as real tools do. */

export interface PlainRecord {
  readonly text: string
  readonly uptimeSec: number
}

export interface Transport {
  readonly name: string
  readonly write: (records: readonly PlainRecord[]) => string
}

function each(line: (record: PlainRecord, index: number) => string): Transport['write'] {
  return (records) => records.map(line).join('\n')
}

/** As printk stamps: five digits before the point and six behind. */
function stamp(uptimeSec: number): string {
  return `[${uptimeSec.toFixed(6).padStart(12)}] `
}

/** A clock that follows the uptime. */
function clock(uptimeSec: number): Date {
  return new Date(Date.UTC(2026, 2, 5, 3, 4, 5) + uptimeSec * 1000)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function syslogTime(uptimeSec: number): string {
  const at = clock(uptimeSec)
  const time = at.toISOString().slice(11, 19)
  return `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${time}`
}

function localized(locale: string): Transport {
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    year: 'numeric',
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  return {
    name: `dmesg -T in ${locale}`,
    write: each(({ text, uptimeSec }) => {
      const parts = Object.fromEntries(
        format.formatToParts(clock(uptimeSec)).map(({ type, value }) => [type, value]),
      )
      // As strftime's %c does it, in most languages.
      const { weekday, month, day, hour, minute, second, year } = parts
      return `[${weekday} ${month} ${day} ${hour}:${minute}:${second} ${year}] ${text}`
    }),
  }
}

export const TRANSPORTS: readonly Transport[] = [
  { name: 'bare', write: each(({ text }) => text) },
  { name: 'dmesg', write: each(({ text, uptimeSec }) => stamp(uptimeSec) + text) },
  {
    name: 'caller ids',
    write: each(({ text, uptimeSec }) => `${stamp(uptimeSec).trimEnd()}[ T1778] ${text}`),
  },
  { name: 'console levels', write: each(({ text, uptimeSec }) => `<4>${stamp(uptimeSec)}${text}`) },
  {
    name: 'dmesg -x',
    write: each(({ text, uptimeSec }) => `kern  :warn  : ${stamp(uptimeSec)}${text}`),
  },
  {
    name: 'dmesg delta',
    write: each(({ text }, index) => `[${index === 0 ? '<    0.000000>' : '  +0.000001'}] ${text}`),
  },
  {
    name: '/dev/kmsg',
    write: each(
      ({ text, uptimeSec }, index) => `4,${359 + index},${Math.round(uptimeSec * 1e6)},-;${text}`,
    ),
  },
  {
    name: '/dev/kmsg with callers',
    write: each(
      ({ text, uptimeSec }, index) =>
        `6,${359 + index},${Math.round(uptimeSec * 1e6)},-,caller=T12845;${text}`,
    ),
  },
  {
    name: 'netconsole, extended with release',
    write: each(
      ({ text, uptimeSec }, index) =>
        `6.12.117,4,${359 + index},${Math.round(uptimeSec * 1e6)},-;${text}`,
    ),
  },
  {
    name: 'syslog',
    write: each(
      ({ text, uptimeSec }) => `${syslogTime(uptimeSec)} db1 kernel: ${stamp(uptimeSec)}${text}`,
    ),
  },
  {
    name: 'syslog without uptime',
    write: each(({ text, uptimeSec }) => `${syslogTime(uptimeSec)} db1 kernel: ${text}`),
  },
  {
    name: 'syslog without host',
    write: each(({ text, uptimeSec }) => `${syslogTime(uptimeSec)} kernel: ${text}`),
  },
  {
    name: 'syslog in lower case',
    write: each(
      ({ text, uptimeSec }) => `${syslogTime(uptimeSec).toLowerCase()} db1 kernel: ${text}`,
    ),
  },
  {
    name: 'syslog of RFC 5424',
    write: each(
      ({ text, uptimeSec }) => `<4>1 ${clock(uptimeSec).toISOString()} db1 kernel - - - ${text}`,
    ),
  },
  {
    name: 'ISO stamps',
    write: each(
      ({ text, uptimeSec }) =>
        `${clock(uptimeSec).toISOString().replace('Z', '123+02:00')} db1 kernel: ${stamp(uptimeSec)}${text}`,
    ),
  },
  {
    name: 'journalctl -o short-monotonic',
    write: each(({ text, uptimeSec }) => `${stamp(uptimeSec)}db1 kernel: ${text}`),
  },
  {
    name: 'journalctl -o short-iso',
    write: each(
      ({ text, uptimeSec }) =>
        `${clock(uptimeSec).toISOString().slice(0, 19)}+0000 db1 kernel: ${text}`,
    ),
  },
  {
    name: 'CR LF',
    write: (records) => records.map(({ text, uptimeSec }) => stamp(uptimeSec) + text).join('\r\n'),
  },
  { name: 'quoted', write: each(({ text, uptimeSec }) => `> ${stamp(uptimeSec)}${text}`) },
  {
    name: 'quoted thrice',
    write: each(({ text, uptimeSec }) => `>> > ${stamp(uptimeSec)}${text}`),
  },
  { name: 'indented', write: each(({ text, uptimeSec }) => `    ${stamp(uptimeSec)}${text}`) },
  {
    name: 'blanks that do not break',
    write: each(({ text, uptimeSec }) => stamp(uptimeSec) + text.replaceAll(' ', '\u00a0')),
  },
  {
    name: 'blanks collapsed',
    write: each(({ text, uptimeSec }) => stamp(uptimeSec) + text.replace(/\s+/g, ' ')),
  },
  {
    name: 'lines twice',
    write: (records) =>
      records
        .flatMap((record) => [record, record])
        .map(({ text, uptimeSec }) => stamp(uptimeSec) + text)
        .join('\n'),
  },
  { name: 'wrapped at 72', write: (records) => wrapMail(records, 72) },
  { name: 'wrapped at 80', write: (records) => wrapMail(records, 80) },
  ...['de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'cs', 'ru', 'sv'].map(localized),
]

/** As mail programs do it: at blanks, the rest without a stamp. */
function wrapMail(records: readonly PlainRecord[], width: number): string {
  return records
    .map(({ text, uptimeSec }) => {
      const lines: string[] = []
      let rest = (stamp(uptimeSec) + text).trimEnd()
      while (rest.length > width) {
        // Not inside the stamp, and not at the blanks that stand before the text.
        const at = rest.lastIndexOf(' ', width)
        const isUseful = at > 20 && rest.slice(0, at).trim() !== ''
        if (!isUseful) break
        lines.push(rest.slice(0, at))
        rest = rest.slice(at + 1).trimStart()
      }
      return [...lines, rest].join('\n')
    })
    .join('\n')
}
