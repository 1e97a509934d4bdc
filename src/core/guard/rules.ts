/**
 * @module The owner's rules: whom to protect, to prefer, to avoid. A rule is one condition or several joined
 * by `and`: `unit=postgresql.service`, `exe=/opt/app/* and uid=1000`. `*` stands for anything.
 */
import type { Result } from '../../base/result.ts'
import { fail, ok } from '../../base/result.ts'
import type { Candidate } from './records.ts'

export const RULE_KEYS = ['unit', 'cgroup', 'uid', 'exe', 'name'] as const
export type RuleKey = (typeof RULE_KEYS)[number]

interface Condition {
  readonly key: RuleKey
  readonly glob: string
}

/** All conditions must hold. */
export interface Rule {
  /** As its owner wrote it. */
  readonly text: string
  readonly conditions: readonly Condition[]
}

export interface Rules {
  readonly protect: readonly Rule[]
  readonly prefer: readonly Rule[]
  readonly avoid: readonly Rule[]
}

export const NO_RULES: Rules = { protect: [], prefer: [], avoid: [] }

/** Whether `text` is `glob`, where `*` stands for any text. Linear: no backtracking for a hostile name. */
export function matchesGlob(glob: string, text: string): boolean {
  const [first = '', ...rest] = glob.split('*')
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || text.length < first.length + last.length) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length && text.endsWith(last)
}

function readKey(candidate: Candidate, key: RuleKey): string | null {
  switch (key) {
    case 'unit':
      return candidate.unit
    case 'cgroup':
      return candidate.cgroup
    case 'uid':
      return candidate.uid === null ? null : String(candidate.uid)
    case 'exe':
      return candidate.exe
    case 'name':
      return candidate.name
  }
}

/** What is not known of a process matches nothing. */
export function matchesRule(rule: Rule, candidate: Candidate): boolean {
  return rule.conditions.every(({ key, glob }) => {
    const value = readKey(candidate, key)
    return value !== null && matchesGlob(glob, value)
  })
}

export function findRule(rules: readonly Rule[], candidate: Candidate): Rule | undefined {
  return rules.find((rule) => matchesRule(rule, candidate))
}

/** @returns the rule, or what is wrong with it, as a clause */
export function parseRule(text: string): Result<Rule, string> {
  const conditions: Condition[] = []
  for (const part of text.split(/\s+and\s+/)) {
    const equals = part.indexOf('=')
    const key = RULE_KEYS.find((known) => known === part.slice(0, equals).trim())
    const glob = part.slice(equals + 1).trim()
    if (equals < 0 || key === undefined || glob === '') {
      return fail(`expected ${RULE_KEYS.join('=, ')}= and a value, got ${JSON.stringify(part)}`)
    }
    if (/^\*+$/.test(glob)) return fail(`${key}=${glob} is every process`)
    conditions.push({ key, glob })
  }
  return ok({ text, conditions })
}

/** A rule that matches no process now, or that another rule makes void. */
export interface Lint {
  readonly list: keyof Rules
  readonly rule: string
  readonly why: string
}

/** What of the rules is without effect on the processes that there are. */
export function lintRules(rules: Rules, candidates: readonly Candidate[]): readonly Lint[] {
  const lints: Lint[] = []
  for (const list of ['protect', 'prefer', 'avoid'] as const) {
    for (const rule of rules[list]) {
      const matched = candidates.filter((candidate) => matchesRule(rule, candidate))
      if (matched.length === 0) {
        lints.push({ list, rule: rule.text, why: 'it matches no process now' })
        continue
      }
      const isVoid = matched.every((candidate) => findRule(rules.protect, candidate))
      if (list !== 'protect' && isVoid) {
        lints.push({ list, rule: rule.text, why: 'all that it matches is protected' })
      }
    }
  }
  return lints
}
