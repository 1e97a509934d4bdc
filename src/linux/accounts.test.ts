import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseGroup, parseUser } from './accounts.ts'

const PASSWD = `root:x:0:0:root:/root:/bin/sh
broken line
odd:x:one:two::/:
empty:x:::::
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`

test('a user is found by name, and only whole', () => {
  assert.deepEqual(parseUser(PASSWD, 'nobody'), { uid: 65534, gid: 65534 })
  assert.equal(parseUser(PASSWD, 'odd'), undefined)
  assert.equal(parseUser(PASSWD, 'empty'), undefined)
  assert.equal(parseUser(PASSWD, 'broken line'), undefined)
  assert.equal(parseUser(PASSWD, 'absent'), undefined)
})

test('a group is found by name, and only whole', () => {
  const group = 'root:x:0:\nplimsoll:x:998:a,b\nodd:x::\n'
  assert.equal(parseGroup(group, 'plimsoll'), 998)
  assert.equal(parseGroup(group, 'odd'), undefined)
  assert.equal(parseGroup(group, 'absent'), undefined)
})
