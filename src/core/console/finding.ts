/** @module What a check is and what it finds. A check is one file in checks/, and nothing else knows it by name. */
import type { Facts } from './facts.ts'
import { integerOf, textOf } from './reading.ts'

/** `high`: the host stands still, or dies without a trace. `medium`: evidence or time is lost. `note`: worth knowing. */
export const SEVERITIES = ['high', 'medium', 'note'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface Evidence {
  readonly path: string
  readonly value: string
}

export interface Write {
  readonly path: string
  readonly value: string
}

export interface DropIn {
  /** A file of our own, never one of the owner's. Lines of several findings for one file go into one. */
  readonly file: string
  readonly text: string
}

/** What to do about a finding, as data: nothing is written by whoever finds it. */
export interface Fix {
  readonly now: readonly Write[]
  readonly persistent: readonly DropIn[]
  /** What only a person can do: the kernel's command line, a reboot, a package; empty where there is nothing. */
  readonly advice: string
}

export interface Finding {
  readonly id: string
  readonly severity: Severity
  /** One line. */
  readonly title: string
  /** How it comes about, in a sentence or two. */
  readonly what: string
  readonly evidence: readonly Evidence[]
  /** In seconds, or in what would be lost. */
  readonly consequence: string
  readonly fix: Fix
  /** What the fix gives up. */
  readonly givesUp: string
  readonly undo: string
}

export interface Check {
  readonly id: string
  /** Its finding stands first, however grave the others are. */
  readonly isFirst?: true
  /** What it asks, for docs/doctor.md. */
  readonly asks: string
  /** Paths that it looks at. */
  readonly looksAt: readonly string[]
  readonly healthy: string
  /** `null`: healthy, or what it looks at is not there. */
  find(facts: Facts): Omit<Finding, 'id'> | null
}

/** Where settings of ours are kept over a reboot. */
export const SYSCTL_DROP_IN = '/etc/sysctl.d/90-plimsoll.conf'
export const JOURNALD_DROP_IN = '/etc/systemd/journald.conf.d/90-plimsoll.conf'
export const SYSTEMD_DROP_IN = '/etc/systemd/system.conf.d/90-plimsoll.conf'
export const TMPFILES_DROP_IN = '/etc/tmpfiles.d/90-plimsoll.conf'

export const NO_FIX: Fix = { now: [], persistent: [], advice: '' }

export function adviceOnly(advice: string): Fix {
  return { ...NO_FIX, advice }
}

/** `kernel.printk_delay` as its file. */
export function sysctlPath(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`
}

export function sysctlFix(name: string, value: string | number, advice = ''): Fix {
  const text = String(value)
  return {
    now: [{ path: sysctlPath(name), value: text }],
    persistent: [{ file: SYSCTL_DROP_IN, text: `${name} = ${text}\n` }],
    advice,
  }
}

/** A sysfs file, kept over a reboot by systemd-tmpfiles (tmpfiles.d(5), type w). */
export function sysfsFix(path: string, value: string | number, advice = ''): Fix {
  const text = String(value)
  return {
    now: [{ path, value: text }],
    persistent: [{ file: TMPFILES_DROP_IN, text: `w ${path} - - - - ${text}\n` }],
    advice,
  }
}

export function sysctlOf(facts: Facts, name: string): number | null {
  return integerOf(facts, sysctlPath(name))
}

/** Files with what is in them, of those that are there. */
export function seenIn(facts: Facts, ...paths: readonly string[]): readonly Evidence[] {
  return paths.flatMap((path) => {
    const value = textOf(facts, path)
    return value === null ? [] : [{ path, value }]
  })
}
