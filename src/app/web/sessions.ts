/**
 * @module Who may see everything: a one-time token becomes a session's cookie. Loopback is no
 * authentication, since every local user reaches it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const MAX_SESSIONS = 64
/** How long a session lasts; its cookie too. */
export const SESSION_MS = 30 * 24 * 3_600_000
const TOKEN_BYTES = 32

export interface Sessions {
  /** A session for the right token, which is void then and replaced; `undefined` for a wrong one. */
  exchange(token: string, nowMs: number): string | undefined
  isValid(session: string | undefined, nowMs: number): boolean
}

/** Where sessions outlive this process: digest in hex, and the end of its validity. */
export interface SessionStore {
  load(): ReadonlyMap<string, number>
  /** Throws where they cannot be stored, as on a full disk. */
  save(sessions: ReadonlyMap<string, number>): void
}

/** Digests, so that comparing takes the same time whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret))
}

function newSecret(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/**
 * @param onToken called with each new login token, the first included
 * @param onTrouble told why sessions could not be stored: they hold, until this process ends
 */
export function createSessions(
  store: SessionStore,
  onToken: (token: string) => void,
  onTrouble: (message: string) => void,
): Sessions {
  /** Oldest first. Digests only: whoever reads the store cannot take a session over. */
  const sessions = new Map(store.load())
  let token = newSecret()
  onToken(token)

  function add(session: string, nowMs: number): void {
    for (const [known, untilMs] of sessions) if (untilMs <= nowMs) sessions.delete(known)
    const [oldest] = sessions.keys()
    if (sessions.size >= MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
    sessions.set(digest(session).toString('hex'), nowMs + SESSION_MS)
    try {
      store.save(sessions)
    } catch (error) {
      onTrouble(`sessions end with this process: they cannot be stored (${String(error)})`)
    }
  }

  return {
    exchange(given, nowMs) {
      if (!isSameSecret(given, token)) return undefined
      token = newSecret()
      onToken(token)
      const session = newSecret()
      add(session, nowMs)
      return session
    },
    isValid(session, nowMs) {
      if (session === undefined) return false
      const untilMs = sessions.get(digest(session).toString('hex'))
      return untilMs !== undefined && untilMs > nowMs
    },
  }
}
