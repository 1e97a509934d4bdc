import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { GIB, MIB } from '../../src/base/units.ts'
import { explainMissingTool, PROGRAMS } from './build.ts'
import { CATALOGUE, findProgram } from './catalogue.ts'
import { LANGUAGES, leaksMemory, truthAtPace } from './program.ts'

const SHARED = ['leak.h', 'service.h', 'leak.ts', 'batches.ts', 'leak.py', 'Leak.java']

test('names are unique', () => {
  const names = CATALOGUE.map((program) => program.name)
  assert.deepEqual(names, [...new Set(names)])
  assert.ok(names.every((name) => findProgram(name)?.name === name))
  assert.equal(findProgram('no-such-program'), undefined)
})

test('every source belongs to a program, and every program has its source', () => {
  const used = new Set(CATALOGUE.map((program) => program.source))
  const there = readdirSync(PROGRAMS).filter((file) => !file.startsWith('__'))
  assert.deepEqual([...used, ...SHARED].sort(), there.sort())
  assert.ok(SHARED.every((file) => existsSync(join(PROGRAMS, file))))
})

describe('what is said to be true of a program is consistent', () => {
  for (const { name, truth, boundBytes, imitates } of CATALOGUE) {
    test(name, () => {
      assert.equal(truth.leaking, truth.kind !== null)
      assert.equal(truth.leaking, truth.onsetSec !== null)
      assert.ok(truth.leaking || truth.rateBytesPerSec === 0)
      assert.ok(boundBytes >= 64 * MIB && boundBytes <= GIB)
      assert.match(imitates, /^[A-Z].*\.$/)
      // Two minutes of its own time must be enough to tell, within the bound.
      const told = truth.rateBytesPerSec * (120 - (truth.onsetSec ?? 0))
      if (leaksMemory(truth)) assert.ok(told > 0.5 * boundBytes, `only ${told / MIB} MiB`)
    })
  }
})

test('each language has programs that leak and programs that do not, C++ aside', () => {
  for (const language of LANGUAGES) {
    const truths = CATALOGUE.filter((p) => p.language === language).map((p) => p.truth.leaking)
    assert.ok(truths.includes(true), language)
    assert.ok(language === 'c++' || truths.includes(false), language)
  }
})

test('a missing tool is a reason that names it and its package', () => {
  for (const language of LANGUAGES) {
    assert.match(explainMissingTool(language, '') ?? '', /^\w+ is not on PATH \(apt-get install /)
  }
})

test('a program at ten times its pace leaks ten times as fast and begins ten times as soon', () => {
  const truth = { leaking: true, kind: 'anon', rateBytesPerSec: 3, onsetSec: 40 } as const
  assert.deepEqual(truthAtPace(truth, 10), { ...truth, rateBytesPerSec: 30, onsetSec: 4 })
  const harmless = { leaking: false, kind: null, rateBytesPerSec: 0, onsetSec: null } as const
  assert.deepEqual(truthAtPace(harmless, 10), harmless)
})
