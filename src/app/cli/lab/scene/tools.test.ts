import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PlimsollError } from '../../../../base/errors.ts'
import { requireTools } from './tools.ts'

for (const [what, isOwnKernel, message, hint] of [
  [
    'a kernel of Debian',
    false,
    /qemu-system-x86_64 \(runs .*apt-get \(/,
    /`apt-get install .*\bqemu-system-x86\b.*\bapt\b/,
  ],
  [
    'a kernel of one’s own',
    true,
    /qemu-system-x86_64 \(runs .*gcc \(/,
    /`apt-get install .*\blibc6-dev\b/,
  ],
] as const) {
  test(`all that is missing for ${what} is said at once`, () => {
    // System folders are searched in any case: of what is only there nothing is missing.
    assert.throws(
      () => requireTools(isOwnKernel, '/nowhere'),
      (error) => {
        assert.ok(error instanceof PlimsollError)
        assert.equal(error.code, 'PLM_LAB_TOOL')
        assert.match(error.message, message)
        assert.match(error.hint, hint)
        assert.equal(/apt-get \(/.test(error.message), !isOwnKernel)
        return true
      },
    )
  })
}
