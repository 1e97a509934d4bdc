/** @module The certificate that readers beyond loopback are served with. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { PlimsollError } from '../../base/errors.ts'
import { DAY_SEC } from '../../base/units.ts'
import { makeDirectory } from '../../io/make-directory.ts'
import { isLoopbackAddress } from './access.ts'
import type { WebSettings } from './settings.ts'

/** PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const VALID_DAYS = 365
/** A self-signed one with less time left than this is made anew. */
const RENEW_MS = 14 * DAY_SEC * 1000
const OPENSSL_TIMEOUT_MS = 30_000

function firstLineOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
}

function readPair(certFile: string, keyFile: string): Certificate {
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}

function readGiven(certFile: string, keyFile: string): Certificate {
  try {
    const pair = readPair(certFile, keyFile)
    // Says at once what is no certificate.
    new X509Certificate(pair.cert)
    return pair
  } catch (error) {
    const files = `${certFile} and ${keyFile}`
    throw new PlimsollError('PLM_TLS', `cannot use ${files}: ${firstLineOf(error)}`)
  }
}

function readUsable(certFile: string, keyFile: string, nowMs: number): Certificate | undefined {
  try {
    const pair = readPair(certFile, keyFile)
    const { validTo } = new X509Certificate(pair.cert)
    return Date.parse(validTo) - nowMs > RENEW_MS ? pair : undefined
  } catch {
    return undefined
  }
}

/** Makes key and certificate in a new directory and moves them, so that nobody's link is followed. */
function makeSelfSigned(stateDir: string, names: readonly string[]): void {
  const made = mkdtempSync(join(stateDir, 'tls-'))
  const alternatives = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`)
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', `${VALID_DAYS}`, '-subj', '/CN=plimsoll'],
        ...['-addext', `subjectAltName=${alternatives.join(',')}`],
        ...['-addext', 'extendedKeyUsage=serverAuth'],
        ...['-keyout', join(made, 'key.pem'), '-out', join(made, 'cert.pem')],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], timeout: OPENSSL_TIMEOUT_MS },
    )
    renameSync(join(made, 'key.pem'), join(stateDir, 'tls-key.pem'))
    renameSync(join(made, 'cert.pem'), join(stateDir, 'tls-cert.pem'))
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

function openSelfSigned(stateDir: string, names: readonly string[], nowMs: number): Certificate {
  const files = [join(stateDir, 'tls-cert.pem'), join(stateDir, 'tls-key.pem')] as const
  try {
    makeDirectory(stateDir, 0o700)
    const kept = readUsable(...files, nowMs)
    if (kept !== undefined) return kept
    makeSelfSigned(stateDir, names)
    return readPair(...files)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const why = isMissing ? 'the program openssl is not there' : firstLineOf(error)
    throw new PlimsollError(
      'PLM_TLS',
      `cannot make a certificate of our own in ${stateDir}: ${why}`,
      { hint: 'Install openssl, set [web] tls_cert and tls_key, or listen on loopback.' },
    )
  }
}

/**
 * The certificate to serve with; `null`: plain HTTP, on loopback or where the owner allows it.
 * @param names of this server, for a self-signed one
 * @throws PlimsollError PLM_TLS: the one given cannot be used, or none can be made
 */
export function openCertificate(
  settings: WebSettings,
  names: readonly string[],
  nowMs: number,
): Certificate | null {
  const { tlsCertFile, tlsKeyFile, listen, allowPlainHttp, stateDir } = settings
  if (tlsCertFile !== null && tlsKeyFile !== null) return readGiven(tlsCertFile, tlsKeyFile)
  if (isLoopbackAddress(listen) || allowPlainHttp) return null
  return openSelfSigned(stateDir, names, nowMs)
}
