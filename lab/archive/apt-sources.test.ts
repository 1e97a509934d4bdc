import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_MIRRORS, findMirrors, formatSources, type Mirrors } from './apt-sources.ts'

const DEB822 = `# as debian-cloud writes it
Types: deb deb-src
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: http://mirror.example/debian/
Suites: bookworm
 bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://security.example/debian-security
Suites: bookworm-security
Components: main
`

const CASES: readonly {
  readonly what: string
  readonly name: string
  readonly text: string
  readonly mirrors: Partial<Mirrors>
}[] = [
  { what: 'nothing', name: 'sources.list', text: '', mirrors: {} },
  {
    what: 'stanzas',
    name: 'debian.sources',
    text: DEB822,
    mirrors: {
      main: 'http://mirror.example/debian',
      security: 'https://security.example/debian-security',
    },
  },
  {
    what: 'lines with options, comments and source packages',
    name: 'sources.list',
    text: [
      '# deb http://old.example/debian bookworm-updates main',
      'deb-src http://src.example/debian bookworm-updates main',
      'deb [arch=amd64 signed-by=/k.gpg] http://a.example/debian trixie-updates main non-free # x',
      'deb http://b.example/debian trixie-updates main',
      'deb http://a.example/sec trixie-security main',
    ].join('\n'),
    mirrors: { main: 'http://a.example/debian', security: 'http://a.example/sec' },
  },
  {
    what: "a third party's packages",
    name: 'other.list',
    text: 'deb https://packages.example/app/debian bookworm main\ndeb https://d.example/debian bookworm stable',
    mirrors: {},
  },
  {
    what: "another distribution's archive",
    name: 'sources.list',
    text: 'deb http://archive.example/ubuntu jammy-updates main\ndeb http://s.example/ubuntu jammy-security main',
    mirrors: {},
  },
  {
    what: 'a disk before a mirror',
    name: 'sources.list',
    text: 'deb cdrom:[Debian]/ bookworm-updates main\ndeb http://m.example/d bookworm-updates main',
    mirrors: { main: 'http://m.example/d' },
  },
  {
    what: 'a stanza that is switched off',
    name: 'debian.sources',
    text: `Enabled: no\n${DEB822.slice(DEB822.indexOf('Types'))}`,
    mirrors: { security: 'https://security.example/debian-security' },
  },
]

for (const { what, name, text, mirrors } of CASES) {
  test(`mirrors of ${what}`, () => {
    assert.deepEqual(findMirrors([{ name, text }]), { ...DEFAULT_MIRRORS, ...mirrors })
  })
}

test('a suite comes with its security updates, signed by the keys that are named', () => {
  assert.equal(
    formatSources('bullseye', DEFAULT_MIRRORS, ['/a.gpg', '/b.asc']),
    [
      'deb [signed-by=/a.gpg,/b.asc] http://deb.debian.org/debian bullseye main',
      'deb [signed-by=/a.gpg,/b.asc] http://deb.debian.org/debian-security bullseye-security main',
      '',
    ].join('\n'),
  )
  const bookworm = formatSources('bookworm', DEFAULT_MIRRORS, ['/a.gpg'])
  assert.match(bookworm, /debian bookworm-updates main\n/)
  assert.match(bookworm, /debian-security bookworm-security main\n/)
})
