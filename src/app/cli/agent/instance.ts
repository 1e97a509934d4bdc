/**
 * @module One agent in one place: it listens on a socket that dies with it, and tells whoever connects
 * which agent it is.
 */
import { connect, createServer } from 'node:net'
import { PlimsollError } from '../../../base/errors.ts'
import { claimSocket } from '../../../io/guard/serve-claim.ts'

export interface Instance {
  /** What a second agent is told besides the process. */
  setUrl(url: string): void
  /** Removes the socket. */
  close(): Promise<void>
}

interface Known {
  readonly pid: number
  readonly url: string | null
}

const ANSWER_WITHIN_MS = 1_000
const MAX_ANSWER_CHARS = 4_096

/** What the agent there says of itself; `undefined`: nobody answers. */
function askRunning(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(path)
    socket.setEncoding('utf8').setTimeout(ANSWER_WITHIN_MS, () => socket.destroy())
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.length > MAX_ANSWER_CHARS) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text === '' ? undefined : text))
  })
}

function describe(text: string): string {
  try {
    const { pid, url } = JSON.parse(text) as Partial<Known>
    const at = typeof url === 'string' ? `, ${url}` : ''
    return typeof pid === 'number' ? `process ${pid}${at}` : 'of another kind'
  } catch {
    return 'of another kind'
  }
}

/** @throws PlimsollError PLM_RUNNING: there is an agent here; PLM_SOCKET: the path may not be used */
export async function claimInstance(path: string): Promise<Instance> {
  const running = await askRunning(path)
  if (running !== undefined) {
    throw new PlimsollError('PLM_RUNNING', `an agent runs here already: ${describe(running)}`)
  }
  const known: { pid: number; url: string | null } = { pid: process.pid, url: null }
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(JSON.stringify(known satisfies Known))
  })
  server.maxConnections = 4
  await claimSocket(server, path, 0o600, null)
  return {
    setUrl(url) {
      known.url = url
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
