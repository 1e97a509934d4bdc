/**
 * @module Who may see everything: a one-time token becomes a session's cookie. Loopback is no
 * authentication, since every local user reaches it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const MAX_SESSIONS = 64
const SESSION_MS = 30 * 24 * 3_600_000
const TOKEN_BYTES = 32

export interface Sessions {
  /** The token that the next login takes. */
  loginToken(): string
  /** A session for the right token, which is void then and replaced; `undefined` for a wrong one. */
  exchange(token: string, nowMs: number): string | undefined
  isValid(session: string | undefined, nowMs: number): boolean
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function newSecret(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** @param onToken called with each new login token, the first included */
export function createSessions(onToken: (token: string) => void): Sessions {
  // Digests, so that comparing takes the same time whatever was sent.
  const sessions = new Map<string, number>()
  let token = newSecret()
  onToken(token)

  function add(session: string, nowMs: number): void {
    for (const [known, untilMs] of sessions) if (untilMs <= nowMs) sessions.delete(known)
    const [oldest] = sessions.keys()
    if (sessions.size >= MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
    sessions.set(digest(session).toString('hex'), nowMs + SESSION_MS)
  }

  return {
    loginToken: () => token,
    exchange(given, nowMs) {
      if (!timingSafeEqual(digest(given), digest(token))) return undefined
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
