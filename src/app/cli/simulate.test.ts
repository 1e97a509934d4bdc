import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PlimsollError } from '../../base/errors.ts'
import { simulateCommand } from './simulate.ts'

for (const [args, message] of [
  [['--tasks', '-1'], '--tasks: expected a whole number from 0 to 100000, got "-1"'],
  [['--tasks', '1e3'], '--tasks: expected a whole number from 0 to 100000, got "1e3"'],
  [['--baud', '49'], '--baud: expected a whole number from 50 to 4000000, got "49"'],
  [['--baud', ''], '--baud: expected a whole number from 50 to 4000000, got ""'],
  [
    ['--printk', '7 4 1'],
    '--printk: expected the four numbers of kernel.printk as "7 4 1 7", got "7 4 1"',
  ],
  ...['latest', '9.9', '7.3', '5.9', '4.19.0'].map(
    (version) =>
      [
        ['--kernel', version],
        `--kernel: reports are known of 5.10, 6.1, 6.12, 7.2 and what lies between, got "${version}"`,
      ] as const,
  ),
  [['--oom-dump-tasks', 'yes'], '--oom-dump-tasks: expected 0 or 1, got "yes"'],
  [['--memory', '5GB'], '--memory: expected a size as 512MiB or 64GiB, got "5GB"'],
  [['--rate', '0MiB'], '--rate: expected a size as 200MiB/s, got "0MiB"'],
  [['--seconds', '0'], '--seconds: expected a whole number from 1 to 3600, got "0"'],
  [['--containers', '101'], '--containers: expected a whole number from 0 to 100, got "101"'],
  [
    Array.from({ length: 9 }, () => ['--baud', '9600']).flat(),
    '--baud: expected at most 8 consoles',
  ],
] as const) {
  test(`what is refused: ${args.slice(0, 2).join(' ')}`, () => {
    assert.throws(
      () => simulateCommand().parseOptions([...args]),
      (error) =>
        error instanceof PlimsollError && error.code === 'PLM_USAGE' && error.message === message,
    )
  })
}
