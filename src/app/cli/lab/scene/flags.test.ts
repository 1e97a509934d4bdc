import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PlimsollError } from '../../../../base/errors.ts'
import { GIB } from '../../../../base/units.ts'
import { checkFlags, compareCommand, type SceneFlags } from './flags.ts'

const PLAIN = { kernel: '6.1', tasks: 200, baud: 19_200, memoryMib: 512, sysctls: {} }

for (const [flags, expected] of [
  [{}, PLAIN],
  [{ kernel: './bzImage' }, { ...PLAIN, kernel: './bzImage' }],
  [
    { kernel: '6.12', tasks: '0', baud: '115200' },
    { ...PLAIN, kernel: '6.12', tasks: 0, baud: 115_200 },
  ],
  [
    { memory: '1024', tasks: '4096' },
    { ...PLAIN, memoryMib: 1024, tasks: 4096 },
  ],
  [
    { sysctl: ['vm.oom_dump_tasks=0', 'kernel.printk=5 7 1 7', 'kernel.core_pattern='] },
    {
      ...PLAIN,
      sysctls: { 'vm.oom_dump_tasks': '0', 'kernel.printk': '5 7 1 7', 'kernel.core_pattern': '' },
    },
  ],
] as const satisfies readonly (readonly [SceneFlags, object])[]) {
  test(`flags are taken: ${JSON.stringify(flags)}`, () => {
    assert.deepEqual(checkFlags(flags, 8 * GIB), expected)
  })
}

for (const [flags, message] of [
  [{ kernel: '7.7' }, /--kernel expects 5\.10, 6\.1, 6\.12 or the path .* got "7\.7"/],
  [{ tasks: '2049' }, /--tasks expects 0 to 2048/],
  [{ tasks: '-1' }, /--tasks expects 0 to 2048/],
  [{ tasks: '1e3' }, /--tasks/],
  [{ baud: '300' }, /--baud expects 1200, .*115200, got "300"/],
  [{ memory: '100' }, /--memory expects 192 to 2048 MiB/],
  [{ memory: '2049' }, /--memory expects 192 to 2048 MiB/],
  [{ sysctl: ['vm.x'] }, /--sysctl expects NAME=VALUE/],
  [{ sysctl: ['x=1'] }, /--sysctl/],
  [{ sysctl: ['vm..x=1'] }, /--sysctl/],
  [{ sysctl: ['../../x.y=1'] }, /--sysctl/],
  [{ sysctl: ["vm.x=1'; reboot"] }, /--sysctl/],
  [{ sysctl: ['vm.x=1\nreboot'] }, /--sysctl/],
  [{ sysctl: [`vm.x=${'1'.repeat(201)}`] }, /--sysctl/],
] as const) {
  test(`flags are refused: ${JSON.stringify(flags).slice(0, 60)}`, () => {
    assert.throws(
      () => checkFlags(flags, 4 * GIB),
      (error) => {
        assert.ok(error instanceof PlimsollError)
        assert.equal(error.code, 'PLM_USAGE')
        assert.match(error.message, message)
        return true
      },
    )
  })
}

test('the next command repeats what was asked for', () => {
  const flags = { tasks: '20', sysctl: ['kernel.printk=5 7 1 7'], json: true, keep: 'x' } as const
  assert.equal(
    compareCommand('incident', flags),
    "plimsoll lab incident --tasks 20 --sysctl 'kernel.printk=5 7 1 7' --compare",
  )
})
