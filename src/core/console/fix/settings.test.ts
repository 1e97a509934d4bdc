import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONSOLE_CASES } from '../checks/console-cases.fixture.ts'
import { CHECKS } from '../checks/index.ts'
import { MEMORY_CASES } from '../checks/memory-cases.fixture.ts'
import { examine } from '../examine.ts'
import { factsOf } from '../facts.ts'
import { HEALTHY, like, readingOf } from '../hosts.fixture.ts'
import { dropInKind } from './drop-in.ts'
import { isSettingValue, plainValue, settingName, settingPath } from './settings.ts'

test('whatever a check would write has a name, a path from that name, and a file of ours', () => {
  for (const { files = {}, comms, unprotected } of [...CONSOLE_CASES, ...MEMORY_CASES]) {
    const host = like(HEALTHY, files, {
      ...(comms === undefined ? {} : { comms }),
      ...(unprotected === undefined ? {} : { unprotected }),
    })
    for (const { id, fix } of examine(factsOf(readingOf(host)), CHECKS).findings) {
      for (const { path, value } of fix.now) {
        const name = settingName(path)
        assert.ok(name !== null, `${id}: ${path}`)
        assert.equal(settingPath(name), path)
        assert.ok(isSettingValue(value), value)
      }
      for (const { file } of fix.persistent) assert.ok(dropInKind(file) !== null, file)
    }
  }
})

test('a name is no way to another path', () => {
  for (const name of [
    '/etc/passwd',
    'kernel.core_pattern',
    'kernel.printk/../core_pattern',
    'console ../../../etc/x1',
    'console ttyS1/../x',
    'console tty1',
    'console null0',
    'console ttyS1\n',
    '__proto__',
    '',
  ]) {
    assert.equal(settingPath(name), null, name)
  }
  assert.equal(settingPath('console ttyS1'), '/sys/class/tty/ttyS1/console')
  assert.equal(settingName('/proc/sys/kernel/core_pattern'), null)
})

test('values are numbers and words, and compared as the kernel means them', () => {
  for (const value of ['7 4 1 7', 'ratelimit', 'Y', '-1', '7\t4\t1\t7']) {
    assert.ok(isSettingValue(value), value)
  }
  for (const value of ['', '|/bin/sh', '1;2', '../x', '1\n;', 'a'.repeat(65)]) {
    assert.ok(!isSettingValue(value), value)
  }
  assert.equal(plainValue('7\t4\t1\t7\n'), '7 4 1 7')
  assert.deepEqual([plainValue('Y'), plainValue('N'), plainValue('0')], ['1', '0', '0'])
})
