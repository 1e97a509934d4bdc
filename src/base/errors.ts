/**
 * @module The one table of expected errors: code, exit code, what a person can do.
 * Match on `code`, never on a class.
 */

/** Exit codes of every command: 0 nothing found, then these. */
export const EXIT = {
  ok: 0,
  usage: 2,
  finding: 10,
  incomplete: 11,
  unavailable: 69,
  internal: 70,
  permission: 77,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

interface ErrorKind {
  readonly exit: ExitCode
  /** What to do, in one sentence, where the message itself cannot know better. */
  readonly hint: string
}

export const ERRORS = {
  PLM_USAGE: { exit: EXIT.usage, hint: 'Run the command with --help.' },
  PLM_CONFIG: { exit: EXIT.usage, hint: 'docs/configuration.md lists every key with its values.' },
  PLM_TRACE: {
    exit: EXIT.incomplete,
    hint: 'A trace is CSV with a header that names t_s and rss_anon; .gz is read too.',
  },
  PLM_MANIFEST: {
    exit: EXIT.usage,
    hint: 'A manifest line is {"file","headroom_bytes","sample_s","starts_s"}.',
  },
  PLM_NODE: {
    exit: EXIT.unavailable,
    hint: 'In a clone, bin/plimsoll runs on the Node that `npm ci` installs.',
  },
  PLM_LOG: {
    exit: EXIT.unavailable,
    hint: 'A log is text, plain or as gzip, xz or zstd; - is standard input.',
  },
  PLM_PROC: { exit: EXIT.unavailable, hint: 'Mount it: `mount -t proc proc /proc`.' },
  PLM_SOCKET: { exit: EXIT.unavailable, hint: 'Is the agent running? `plimsoll agent` starts it.' },
  PLM_RUNNING: { exit: EXIT.unavailable, hint: 'Use that one, or end it first.' },
  PLM_PORT: { exit: EXIT.unavailable, hint: 'Choose another with --port or [web] port.' },
  PLM_HISTORY: { exit: EXIT.unavailable, hint: 'The agent goes on in memory and tries again.' },
  PLM_TLS: {
    exit: EXIT.unavailable,
    hint: 'Set [web] tls_cert and tls_key, or listen on loopback.',
  },
  PLM_LAB: {
    exit: EXIT.unavailable,
    hint: '`plimsoll lab leak` lists what there is, and what is missing.',
  },
  PLM_LAB_TOOL: { exit: EXIT.unavailable, hint: 'Install the Debian package that it names.' },
  PLM_LAB_ARCHIVE: {
    exit: EXIT.unavailable,
    hint: "Is Debian's archive within reach? What was fetched once is there without it.",
  },
  PLM_LAB_KERNEL: {
    exit: EXIT.unavailable,
    hint: 'The lab knows 5.10, 6.1, 6.12 and the path of an image of your own.',
  },
  PLM_UNDO: {
    exit: EXIT.unavailable,
    hint: 'Directory and file must belong to root, and nobody else may write to them.',
  },
  PLM_RECORD: {
    exit: EXIT.unavailable,
    hint: 'docs/recorder.md says what a recorder file is, and where it is kept.',
  },
  PLM_MEASURE: {
    exit: EXIT.unavailable,
    hint: 'Without --measure, doctor counts with the speed that the line is set to.',
  },
  PLM_PERMISSION: { exit: EXIT.permission, hint: 'Run as root, or as the owner of the process.' },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERRORS

/** An expected error on its way to a person: a code, a sentence, what to do. */
export class PlimsollError extends Error {
  override readonly name = 'PlimsollError'
  readonly code: ErrorCode
  readonly hint: string

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? ERRORS[code].hint
  }
}

/** What a caught value says: anything may be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
