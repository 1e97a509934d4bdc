import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startLeak } from '../../lab/leaks/start.ts'
import { WATCH } from './watch-run.ts'

const UNTIL_MS = 30_000
const hasTmux = spawnSync('tmux', ['-V']).status === 0
const skip = hasTmux ? false : 'tmux is not installed: no terminal to look at'

interface Pane {
  readonly send: (...keys: readonly string[]) => void
  readonly screen: () => string
  /** Looks again and again until the screen is as wanted. */
  readonly until: (wanted: RegExp) => Promise<string>
  readonly resize: (width: number, height: number) => void
  /** A format of tmux: the state of the terminal itself. */
  readonly ask: (format: string) => string
}

/** A shell in a terminal of its own, with nothing of the person who runs the test. */
function openPane(context: TestContext, width: number, height: number): Pane {
  const server = `plimsoll-${process.pid}-${Math.floor(performance.now())}`
  const tmux = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(
      'tmux',
      ['-L', server, '-f', '/dev/null', ...args],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'xterm-256color', PS1: 'ready> ' },
      },
    )
    assert.equal(status, 0, stderr)
    return stdout
  }
  const size = ['-x', String(width), '-y', String(height)]
  tmux('new-session', '-d', ...size, 'bash', '--norc', '--noprofile')
  context.after(() => tmux('kill-server'))
  tmux('set', '-g', 'status', 'off')
  const screen = (): string => tmux('capture-pane', '-p')
  return {
    send: (...keys) => tmux('send-keys', ...keys),
    screen,
    async until(wanted) {
      const deadline = performance.now() + UNTIL_MS
      for (;;) {
        const text = screen()
        if (wanted.test(text)) return text
        if (performance.now() > deadline) assert.fail(`no ${wanted} on the screen:\n${text}`)
        await delay(50)
      }
    },
    resize: (w, h) => tmux('resize-window', '-x', String(w), '-y', String(h)),
    ask: (format) => tmux('display', '-p', format).trimEnd(),
  }
}

const TERMINAL_STATE = '#{alternate_on} #{cursor_flag} #{wrap_flag}'
const COMMAND = [...WATCH, '--own', '--interval', '500ms'].join(' ')

/** The shell has a terminal as it was: its own screen, a cursor, wrap, echo and lines. */
async function assertGivenBack(pane: Pane): Promise<void> {
  await pane.until(/before\n/)
  assert.equal(pane.ask(TERMINAL_STATE), '0 1 1')
  pane.send('stty -a', 'Enter')
  assert.doesNotMatch(await pane.until(/\bicanon\b/), /-icanon|-isig|-echo\b/)
}

test('keys move, filter, open, explain, and quit; the terminal is as before', {
  skip,
}, async (t) => {
  const leak = await startLeak('leak-steady')
  t.after(() => leak.stop())
  const pane = openPane(t, 80, 24)
  pane.send('echo before', 'Enter')
  pane.send(COMMAND, 'Enter')
  const first = await pane.until(/VERDICT▾ +WHO +KIND +SIZE +RATE +LEFT +TREND/)
  assert.match(first, /^>[^\n]+ [KMG]iB /m)
  assert.match(first, /own samples every 500 ms/)
  assert.equal(first.split('\n').length, 25)
  assert.equal(pane.ask(TERMINAL_STATE), '1 0 0')

  pane.send('/', `leak-steady ${leak.pid}`)
  await pane.until(/filter: leak-steady \d+_ +\d found/)
  pane.send('Enter')
  await pane.until(/filter "leak-steady \d+"/)
  pane.send('Enter')
  await pane.until(new RegExp(`next +sudo cat /proc/${leak.pid}/smaps_rollup`))
  // Read once the process is large enough for a limit of its own to matter.
  await pane.until(/limit +its address space limit/)
  pane.send('Escape')
  await pane.until(/VERDICT▾/)
  pane.send('?')
  await pane.until(/PgUp PgDn Home End/)
  pane.send('Escape', 'Escape')
  await pane.until(/g show all/)
  pane.send('2')
  await pane.until(/SIZE▾/)
  pane.send('Down')
  await pane.until(/\n [^\n]+\n>/)
  pane.send('Space')
  await pane.until(/PAUSED/)
  pane.send('Space')

  pane.resize(40, 12)
  const narrow = await pane.until(/WHO +SIZE▾ +LEFT *\n/)
  assert.ok(narrow.split('\n').every((line) => line.length <= 40))
  pane.resize(80, 24)
  await pane.until(/VERDICT +WHO/)

  pane.send('q')
  await assertGivenBack(pane)
})

test('a suspended watch gives the terminal back and comes again', { skip }, async (t) => {
  const pane = openPane(t, 80, 24)
  pane.send('echo before', 'Enter')
  pane.send(COMMAND, 'Enter')
  await pane.until(/VERDICT▾/)
  pane.send('C-z')
  await pane.until(/Stopped/)
  await assertGivenBack(pane)
  pane.send('fg', 'Enter')
  await pane.until(/VERDICT▾/)
  assert.equal(pane.ask(TERMINAL_STATE), '1 0 0')
  pane.send('C-c')
  await assertGivenBack(pane)
})

/** The process that the shell runs in front. */
function childOf(pane: Pane): number {
  const shell = pane.ask('#{pane_pid}')
  const [pid] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ')
  assert.ok(Number(pid) > 1, `the shell has no child: ${pid}`)
  return Number(pid)
}

test('a watch that was stopped without a word takes the terminal again', { skip }, async (t) => {
  const pane = openPane(t, 80, 24)
  pane.send('echo before', 'Enter')
  pane.send(COMMAND, 'Enter')
  await pane.until(/VERDICT▾/)
  process.kill(childOf(pane), 'SIGSTOP')
  await pane.until(/Stopped/)
  pane.send('clear; fg', 'Enter')
  await pane.until(/VERDICT▾/)
  pane.send('2')
  await pane.until(/SIZE▾/)
  pane.send('q')
  await assertGivenBack(pane)
})

for (const signal of ['TERM', 'INT', 'HUP']) {
  test(`SIG${signal} ends watch, and the terminal is as before`, { skip }, async (t) => {
    const pane = openPane(t, 80, 24)
    pane.send('echo before', 'Enter')
    pane.send(COMMAND, 'Enter')
    await pane.until(/VERDICT▾/)
    process.kill(childOf(pane), `SIG${signal}`)
    await assertGivenBack(pane)
  })
}

test('what nobody expected is told on a terminal that is as before', { skip }, async (t) => {
  const pane = openPane(t, 80, 40)
  const script = [
    'import { openTerminal } from "./src/app/cli/watch/terminal.ts"',
    'console.log("before")',
    'const none = () => {}',
    'const handlers = { onKeys: none, onStale: none, onEnd: none }',
    'openTerminal(process.stdin, process.stdout, handlers).draw(["drawn"])',
    'process.stdin.once("data", () => { throw new Error("unheard of") })',
  ].join('; ')
  pane.send(`${process.execPath} --input-type=module -e '${script}'`, 'Enter')
  await pane.until(/^drawn\n/)
  assert.equal(pane.ask(TERMINAL_STATE), '1 0 0')
  pane.send('x')
  await pane.until(/before\n(.*\n)*.*unheard of/)
  await assertGivenBack(pane)
})

test('without colours and on a terminal of letters only it is the same in ASCII', {
  skip,
}, async (t) => {
  const pane = openPane(t, 80, 24)
  pane.send(`NO_COLOR=1 TERM=vt220 ${COMMAND}`, 'Enter')
  await pane.until(/VERDICT\*/)
  assert.match(pane.screen(), /^[\x20-\x7e\n]+$/)
  pane.send('q')
})

test('a dumb terminal gets a table a tick and keeps its screen', { skip }, async (t) => {
  const pane = openPane(t, 80, 60)
  pane.send(`TERM=dumb ${COMMAND} --for 5s --limit 1`, 'Enter')
  await pane.until(/and \d+ more; --limit shows them\n(.*\n)*.*and \d+ more/)
  assert.equal(pane.ask(TERMINAL_STATE), '0 1 1')
})
