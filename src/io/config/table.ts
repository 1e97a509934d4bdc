/**
 * @module Every key of the configuration, once: its kind, its default, what it means. The schema and
 * docs/configuration.md are made from it.
 */
import {
  ABSOLUTE_PATH,
  COMMAND,
  choice,
  duration,
  HOST_NAMES,
  type Kind,
  LISTEN_ADDRESS,
  RULES,
  SOCKET_DIRECTORY,
  size,
  TOKEN,
  TRUE_OR_FALSE,
  USER_NAME,
  WEBHOOKS,
  wholeNumber,
} from './kinds.ts'

/** One key. `initial` is written as in the file; `null` is nothing, and `absent` says what then. */
export interface Key<Output, Initial> {
  readonly kind: Kind<Output>
  readonly initial: Initial
  readonly meaning: string
  /** For the documentation, in TOML. */
  readonly example: string
  readonly absent?: string
}

function key<Output, const Initial>(given: Key<Output, Initial>): Key<Output, Initial> {
  return given
}

export const TABLE = {
  agent: {
    interval: key({
      kind: duration('500ms', '60s', '1s'),
      initial: '1s',
      meaning: 'Time between two looks at the host.',
      example: '"2s"',
    }),
    max_series: key({
      kind: wholeNumber(64, 65_536),
      initial: 4096,
      meaning:
        'Processes, services and pools that are followed at most; each takes up to 4 KiB of memory and twice that on disk.',
      example: '8192',
    }),
    state_dir: key({
      kind: ABSOLUTE_PATH,
      initial: null,
      absent:
        '`/var/lib/plimsoll` for root, else `$XDG_STATE_HOME/plimsoll` or `~/.local/state/plimsoll`',
      meaning: 'Where the state of the detector, sessions and a certificate of our own are kept.',
      example: '"/srv/plimsoll"',
    }),
    runtime_dir: key({
      kind: SOCKET_DIRECTORY,
      initial: null,
      absent: '`/run/plimsoll` for root, else `$XDG_RUNTIME_DIR/plimsoll` or `/tmp/plimsoll-UID`',
      meaning: "Where the guard's socket and the login address are.",
      example: '"/run/plimsoll"',
    }),
    kernel_log: key({
      kind: ABSOLUTE_PATH,
      initial: '/dev/kmsg',
      meaning:
        "Where the kernel's log is read for OOM reports: the device, or a file or pipe that gets the same lines, such as a guest's serial console.",
      example: '"/var/log/serial/guest.log"',
    }),
  },
  web: {
    listen: key({
      kind: LISTEN_ADDRESS,
      initial: '127.0.0.1',
      meaning:
        'Address to listen on. Beyond loopback it is served by TLS and tells nothing without a session.',
      example: '"0.0.0.0"',
    }),
    port: key({
      kind: wholeNumber(0, 65_535),
      initial: 4117,
      meaning: 'Port to listen on; 0 takes any free one.',
      example: '8443',
    }),
    allowed_hosts: key({
      kind: HOST_NAMES,
      initial: [],
      meaning:
        "Names that this server is called by, besides loopback's, the host's own and any IP address.",
      example: '["monitor.example"]',
    }),
    tls_cert: key({
      kind: ABSOLUTE_PATH,
      initial: null,
      absent: 'one of our own beyond loopback',
      meaning: 'Certificate, PEM; goes with `tls_key`.',
      example: '"/etc/ssl/monitor.pem"',
    }),
    tls_key: key({
      kind: ABSOLUTE_PATH,
      initial: null,
      absent: 'one of our own beyond loopback',
      meaning: 'Private key of `tls_cert`, PEM.',
      example: '"/etc/ssl/private/monitor.key"',
    }),
    plain_http: key({
      kind: TRUE_OR_FALSE,
      initial: false,
      meaning: 'Beyond loopback without TLS, where a proxy in front adds it.',
      example: 'true',
    }),
    metrics_token: key({
      kind: TOKEN,
      initial: null,
      absent: 'only a session does',
      meaning: 'Bearer token that opens all of `/metrics` to a scraper.',
      example: '"k3mB8vq0Zt5xW2rN"',
    }),
    user: key({
      kind: USER_NAME,
      initial: 'nobody',
      meaning: 'User that the web process becomes where it starts as root.',
      example: '"plimsoll"',
    }),
  },
  history: {
    path: key({
      kind: ABSOLUTE_PATH,
      initial: null,
      absent: '`history/history.db` in `[agent] state_dir`',
      meaning:
        'File of the history, in a directory of its own: where root starts the agent, that directory is given to `[web] user`.',
      example: '"/srv/plimsoll/history/history.db"',
    }),
    max_size: key({
      kind: size('8MiB', '64GiB', '256MiB'),
      initial: '256MiB',
      meaning: 'What the history takes on disk at most; the oldest and finest goes first.',
      example: '"1GiB"',
    }),
  },
  guard: {
    mode: key({
      kind: choice(['observe', 'off'], ['act']),
      initial: 'observe',
      meaning:
        'What the guard does when memory runs out: `observe` says who would have to go, and why; `off` chooses nobody. Leaks are told of either way.',
      example: '"observe"',
    }),
    protect: key({
      kind: RULES,
      initial: [],
      meaning:
        'Processes that are never ended, besides those that `docs/guard.md` names. A rule is one condition or several joined by `and`; `*` stands for anything.',
      example: '["unit=postgresql.service", "exe=/opt/app/* and uid=1000"]',
    }),
    prefer: key({
      kind: RULES,
      initial: [],
      meaning:
        'Processes that would rather be lost: after one that is known to leak and before all others.',
      example: '["name=chromium*"]',
    }),
    avoid: key({
      kind: RULES,
      initial: [],
      meaning: 'Processes that come last of those that may be ended, even where they leak.',
      example: '["unit=nginx.service"]',
    }),
  },
  console: {
    guard: key({
      kind: TRUE_OR_FALSE,
      initial: false,
      meaning:
        'While an OOM is near, keep the bulk of kernel messages off slow consoles, so that its report stops nobody; then give back what was found. Needs root. `docs/console-guard.md` says what is changed.',
      example: 'true',
    }),
  },
  recorder: {
    on: key({
      kind: TRUE_OR_FALSE,
      initial: true,
      meaning:
        'Write what the guard sees and does into a file that a crash leaves readable: `plimsoll record show` reads it.',
      example: 'false',
    }),
    file: key({
      kind: ABSOLUTE_PATH,
      initial: null,
      absent: '`recorder.ring` in `[agent] state_dir`',
      meaning:
        'The recorder, on a disk that outlives the host. A file of another size or host is put aside as `FILE.before`.',
      example: '"/srv/plimsoll/recorder.ring"',
    }),
    size: key({
      kind: size('1MiB', '64MiB', '4MiB'),
      initial: '4MiB',
      meaning:
        'Size of the recorder, all of which is written when it is made; 4 MiB hold 17 hours at rest.',
      example: '"16MiB"',
    }),
  },
  notify: {
    journal: key({
      kind: TRUE_OR_FALSE,
      initial: true,
      meaning: "Tell systemd's journal, where the agent is started by systemd.",
      example: 'false',
    }),
    webhook: key({
      kind: WEBHOOKS,
      initial: [],
      meaning: 'URLs that the event is sent to as JSON, by POST.',
      example: '[{ url = "https://hooks.example/leaks" }]',
    }),
    command: key({
      kind: COMMAND,
      initial: null,
      absent: 'none is run',
      meaning:
        'Program that is run for each event, without a shell; what names there are stand in its environment alone.',
      example: '["/usr/local/bin/tell", "leak"]',
    }),
  },
} as const

type Table = typeof TABLE
type ValueOf<K> =
  K extends Key<infer Output, infer Initial>
    ? Initial extends null
      ? Output | null
      : Output
    : never

/** A configuration that was checked, defaults filled in: durations in ms, sizes in bytes. */
export type Config = {
  readonly [Section in keyof Table]: {
    readonly [Name in keyof Table[Section]]: ValueOf<Table[Section][Name]>
  }
}
