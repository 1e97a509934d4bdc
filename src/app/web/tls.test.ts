import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { parseWebSettings } from './settings.ts'
import { openCertificate } from './tls.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const NEEDS_OPENSSL = { skip: hasOpenssl ? false : 'the program openssl is not there' }
const NAMES = ['localhost', '127.0.0.1', 'db1.example']

function temporaryDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-tls-'))
  context.after(() => rmSync(directory, { recursive: true }))
  return directory
}

function settings(stateDir: string, changed: object) {
  const least = { guardSocket: '/g', loginFile: '/l', uiDir: '/u' }
  return parseWebSettings(JSON.stringify({ ...least, stateDir, ...changed }), 'test')
}

test('loopback needs none, nor does what the owner allows', (context) => {
  const directory = temporaryDirectory(context)
  assert.equal(openCertificate(settings(directory, {}), NAMES, 0), null)
  const allowed = settings(directory, { listen: '0.0.0.0', allowPlainHttp: true })
  assert.equal(openCertificate(allowed, NAMES, 0), null)
  assert.deepEqual(readdirSync(directory), [])
})

test(
  'beyond loopback one is made, kept, and made anew before it ends',
  NEEDS_OPENSSL,
  (context) => {
    const stateDir = join(temporaryDirectory(context), 'state')
    const beyond = settings(stateDir, { listen: '0.0.0.0' })
    const made = openCertificate(beyond, NAMES, Date.now())
    assert.ok(made !== null)
    const certificate = new X509Certificate(made.cert)
    assert.ok(certificate.checkPrivateKey(createPrivateKey(made.key)))
    assert.equal(certificate.checkHost('db1.example'), 'db1.example')
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1')
    assert.equal(statSync(join(stateDir, 'tls-key.pem')).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(stateDir).sort(), ['tls-cert.pem', 'tls-key.pem'])
    assert.deepEqual(openCertificate(beyond, NAMES, Date.now()), made)
    const late = Date.parse(certificate.validTo) - 1000
    assert.notDeepEqual(openCertificate(beyond, NAMES, late), made)
  },
)

test('a link where the key goes is replaced, not written through', NEEDS_OPENSSL, (context) => {
  const stateDir = temporaryDirectory(context)
  const target = join(stateDir, 'target')
  writeFileSync(target, 'of somebody else')
  symlinkSync(target, join(stateDir, 'tls-key.pem'))
  openCertificate(settings(stateDir, { listen: '0.0.0.0' }), NAMES, Date.now())
  assert.equal(statSync(target).size, 16)
})

test('what cannot be used is said', (context) => {
  const directory = temporaryDirectory(context)
  const file = join(directory, 'cert.pem')
  writeFileSync(file, 'nonsense')
  const given = settings(directory, { tlsCertFile: file, tlsKeyFile: file })
  assert.throws(() => openCertificate(given, NAMES, 0), { code: 'PLM_TLS', message: /cannot use/ })
  const nowhere = settings(join(file, 'state'), { listen: '0.0.0.0' })
  assert.throws(() => openCertificate(nowhere, NAMES, 0), {
    code: 'PLM_TLS',
    message: /certificate of our own/,
  })
})
