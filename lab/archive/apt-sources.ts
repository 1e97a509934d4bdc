/** @module Debian's archive as apt's source lines: suites, mirrors, keys. See sources.list(5). */

export type Suite = 'bullseye' | 'bookworm' | 'trixie'

/** URLs of the two halves of the archive. */
export interface Mirrors {
  readonly main: string
  readonly security: string
}

export const DEFAULT_MIRRORS: Mirrors = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
}

/** Names that apt calls Debian's releases by: others (Ubuntu's) have an archive of their own. */
const RELEASES = 'buster|bullseye|bookworm|trixie|forky|oldoldstable|oldstable|stable|testing'
/** Only the archive itself has these suites, whatever a third party's mirror is called. */
const MAIN_SUITE = new RegExp(`^(?:${RELEASES})-updates$`)
const SECURITY_SUITE = new RegExp(`^(?:${RELEASES})-security$`)

const SUITES: Readonly<Record<Suite, readonly (readonly [keyof Mirrors, string])[]>> = {
  bullseye: [
    ['main', 'bullseye'],
    ['security', 'bullseye-security'],
  ],
  bookworm: [
    ['main', 'bookworm'],
    ['main', 'bookworm-updates'],
    ['security', 'bookworm-security'],
  ],
  trixie: [
    ['main', 'trixie'],
    ['security', 'trixie-security'],
  ],
}

/** The sources.list of one suite. `keys` are files of Debian's archive keys. */
export function formatSources(suite: Suite, mirrors: Mirrors, keys: readonly string[]): string {
  return SUITES[suite]
    .map(([half, name]) => `deb [signed-by=${keys.join(',')}] ${mirrors[half]} ${name} main\n`)
    .join('')
}

interface Source {
  readonly urls: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '')
}

/** One-line style: `deb [options] URL suite component...`. */
function parseList(text: string): Source[] {
  const sources: Source[] = []
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line)
    if (match === null) continue
    const [, url = '', suite = '', components] = match
    sources.push({ urls: [url], suites: [suite], components: words(components) })
  }
  return sources
}

/** deb822 style: stanzas of fields, which a line that begins with a blank continues. */
function parseStanzas(text: string): Source[] {
  const sources: Source[] = []
  const uncommented = text.replace(/^#.*\n?/gm, '')
  for (const stanza of uncommented.split(/\n\s*\n/)) {
    const fields = new Map<string, string>()
    for (const [, name = '', value = ''] of stanza.matchAll(
      /^([A-Za-z-]+):((?:.*)(?:\n[ \t].*)*)/gm,
    )) {
      fields.set(name.toLowerCase(), value)
    }
    if (!words(fields.get('types')).includes('deb')) continue
    if (/^\s*(?:no|false|off|0|without|disable)\s*$/i.test(fields.get('enabled') ?? '')) continue
    sources.push({
      urls: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
    })
  }
  return sources
}

/** A disk that may not be in the drive is no mirror. */
function firstUrl(sources: readonly Source[], suite: RegExp): string | undefined {
  return sources
    .filter(({ suites, components }) => {
      return components.includes('main') && suites.some((name) => suite.test(name))
    })
    .flatMap(({ urls }) => urls)
    .find((url) => !url.startsWith('cdrom:'))
    ?.replace(/\/+$/, '')
}

/**
 * The mirrors that a host's own sources name for Debian's archive, so that one behind a mirror of
 * its own is asked there; deb.debian.org for what they do not name.
 * @param files name and text of each file of sources
 */
export function findMirrors(
  files: readonly { readonly name: string; readonly text: string }[],
): Mirrors {
  const sources = files.flatMap(({ name, text }) => {
    return name.endsWith('.sources') ? parseStanzas(text) : parseList(text)
  })
  return {
    main: firstUrl(sources, MAIN_SUITE) ?? DEFAULT_MIRRORS.main,
    security: firstUrl(sources, SECURITY_SUITE) ?? DEFAULT_MIRRORS.security,
  }
}
