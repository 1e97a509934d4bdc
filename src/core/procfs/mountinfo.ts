/** @module /proc/PID/mountinfo: what is mounted where, as that process sees it. */
import { decodeText } from './scan.ts'

export interface Mount {
  /** As stat(2) gives it in `st_dev` (gnu_dev_makedev(3)). */
  readonly dev: number
  readonly mountPoint: string
  readonly fsType: string
  /** Of the file system itself: `rw,size=1024k` or `rw,hidepid=2`. */
  readonly superOptions: string
}

/** Space, tab, newline and backslash come as `\ooo` (fs/proc_namespace.c mangle()). */
function unescapePath(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function makeDev(text: string): number {
  const [major = Number.NaN, minor = Number.NaN] = text.split(':').map(Number)
  return (minor & 0xff) + (major & 0xfff) * 2 ** 8 + (minor - (minor & 0xff)) * 2 ** 12
}

/**
 * One line: `ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [OPTIONAL...] - TYPE SOURCE SUPEROPTIONS`.
 * @returns `undefined` for a line of another form.
 * @see proc_pid_mountinfo(5); fs/proc_namespace.c show_mountinfo(), v2.6.26..v6.18
 */
export function parseMountLine(bytes: Uint8Array, start: number, end: number): Mount | undefined {
  const words = decodeText(bytes, start, end).split(' ')
  const dash = words.indexOf('-', 6)
  const [, , dev, , mountPoint] = words
  const fsType = words[dash + 1]
  if (dash < 0 || dev === undefined || mountPoint === undefined || fsType === undefined) {
    return undefined
  }
  const mount = {
    dev: makeDev(dev),
    mountPoint: unescapePath(mountPoint),
    fsType,
    superOptions: words[dash + 3] ?? '',
  }
  return Number.isNaN(mount.dev) ? undefined : mount
}
