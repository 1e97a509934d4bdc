/** @module What apt prints, as records. */

export interface DebianPackage {
  readonly name: string
  /** The whole version, epoch included. */
  readonly version: string
}

/**
 * Packages of `apt-get --print-uris`: a line each of 'URL' FILE BYTES [HASH]. The file is named
 * NAME_VERSION_ARCHITECTURE.deb, with `%3a` for the colon after an epoch.
 */
export function parseUris(text: string): DebianPackage[] {
  const packages: DebianPackage[] = []
  for (const line of text.split('\n')) {
    const match = /^'[^']*' ([a-z0-9][a-z0-9+.-]*)_([A-Za-z0-9.+~%:-]+)_[a-z0-9-]+\.deb \d+/.exec(
      line,
    )
    if (match === null) continue
    const [, name = '', version = ''] = match
    packages.push({ name, version: version.replaceAll(/%3a/gi, ':') })
  }
  return packages
}

/** Names that `apt-cache depends` lists as dependencies; virtual packages (`<name>`) are not. */
export function parseDepends(text: string): string[] {
  return [...text.matchAll(/^\s*\|?(?:Pre)?Depends: ([a-z0-9][a-z0-9+.-]*)/gm)].map(
    ([, name = '']) => name,
  )
}
