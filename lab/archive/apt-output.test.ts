import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDepends, parseUris } from './apt-output.ts'

/** apt-get 2.6.1 of Debian 12, `download` and `install` with --print-uris. */
const URIS = `Reading package lists...
Building dependency tree...
The following NEW packages will be installed:
  busybox-static kmod
Need to get 10.0 MB of archives.
'http://deb.debian.org/debian/pool/main/b/busybox/busybox-static_1.35.0-4%2bdeb12u1%2bb1_amd64.deb' busybox-static_1%3a1.35.0-4+deb12u1+b1_amd64.deb 928188 SHA256:3d3fdbe91d4660c873e14b092c213fe81c1da6362daa236eb25d0171eb108744
'http://deb.debian.org/debian-security/pool/updates/main/o/openssl/libssl3_3.0.22-1%7edeb12u2_amd64.deb' libssl3_3.0.22-1~deb12u2_amd64.deb 2039888 
'http://deb.debian.org/debian/pool/main/d/debconf/debconf_1.5.82_all.deb' debconf_1.5.82_all.deb 120692 MD5Sum:8d98f0c882f269aaee8437bcfe89346e
`

test('packages with their whole versions, with a hash or without', () => {
  assert.deepEqual(parseUris(URIS), [
    { name: 'busybox-static', version: '1:1.35.0-4+deb12u1+b1' },
    { name: 'libssl3', version: '3.0.22-1~deb12u2' },
    { name: 'debconf', version: '1.5.82' },
  ])
})

test('what is no package is passed over', () => {
  for (const text of ['', "'http://x' ../../etc/passwd 1", "'http://x' a_1_amd64.deb", 'E: no']) {
    assert.deepEqual(parseUris(text), [])
  }
})

test('dependencies, without virtual packages and other relations', () => {
  const text = `systemd
  PreDepends: libc6
 |Depends: dbus
  Depends: <dbus-broker>
  Depends: linux-image-6.12.118+deb13-cloud-amd64
  Conflicts: upstart
  Recommends: libnss
`
  assert.deepEqual(parseDepends(text), ['libc6', 'dbus', 'linux-image-6.12.118+deb13-cloud-amd64'])
  assert.deepEqual(parseDepends(''), [])
})
