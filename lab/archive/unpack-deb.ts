/** @module The files of one Debian package. */
import { type ChildProcess, spawn } from 'node:child_process'
import { pipeline } from 'node:stream'
import { PlimsollError } from '../../src/base/errors.ts'
import { requireTool } from './tools.ts'

/** Both say why, and the one that failed first says it early. */
const REASON_CHARACTERS = 600

/** A program that was called off is waited for too, since it writes until it has ended. */
async function codeAtEnd(child: ChildProcess): Promise<number | null> {
  return await new Promise((resolve) => {
    child.on('error', () => {})
    child.on('close', resolve)
  })
}

/**
 * Unpacks the files of a .deb into `root`, owned by the user who calls. dpkg -x would replace a
 * link to a folder by a folder; tar can be told to keep it. No program is setuid or setgid, and the
 * umask holds: as root, tar would keep them (info tar, --no-same-permissions).
 * @throws PLM_LAB_ARCHIVE where it is no package or `root` cannot be written, PLM_LAB_TOOL, and
 *   what `signal` was aborted with
 */
export async function unpackDeb(
  deb: string,
  root: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const reader = spawn(requireTool('dpkg-deb'), ['--fsys-tarfile', deb], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const keep = ['--keep-directory-symlink', '--no-same-owner', '--no-same-permissions']
  const args = ['--extract', ...keep, '--directory', root]
  const writer = spawn(requireTool('tar'), args, { stdio: ['pipe', 'ignore', 'pipe'], signal })
  let reason = ''
  for (const child of [reader, writer]) {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      reason = (reason + text.replace(/\s+/g, ' ')).slice(0, REASON_CHARACTERS)
    })
  }
  // Closes either end with the other: a reader whose output no one takes would never end.
  pipeline(reader.stdout, writer.stdin, () => {})
  const codes = await Promise.all([codeAtEnd(reader), codeAtEnd(writer)])
  signal?.throwIfAborted()
  if (codes.every((code) => code === 0)) return
  throw new PlimsollError('PLM_LAB_ARCHIVE', `could not unpack ${deb}: ${reason.trim()}`)
}
