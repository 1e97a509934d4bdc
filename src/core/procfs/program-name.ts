/**
 * @module What a process runs, in a name that is the same after a restart: its executable, and of an
 * interpreter the script. Of the arguments nothing else is used, since they may hold secrets.
 */

interface Interpreter {
  readonly executable: RegExp
  /** Options whose next argument belongs to them. */
  readonly takesValue: ReadonlySet<string>
  /** Options whose next argument is the program: a module, an archive. */
  readonly namesProgram: ReadonlySet<string>
  /** Options after which no file follows: the code itself is an argument. */
  readonly holdsCode: ReadonlySet<string>
}

function interpreter(
  executable: RegExp,
  takesValue: readonly string[],
  namesProgram: readonly string[],
  holdsCode: readonly string[],
): Interpreter {
  return {
    executable,
    takesValue: new Set(takesValue),
    namesProgram: new Set(namesProgram),
    holdsCode: new Set(holdsCode),
  }
}

const INTERPRETERS: readonly Interpreter[] = [
  interpreter(
    /^(?:node|nodejs|bun|deno)$/,
    ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--title'],
    [],
    ['-e', '--eval', '-p', '--print'],
  ),
  interpreter(/^(?:python|pypy)[\d.]*$/, ['-W', '-X'], ['-m'], ['-c']),
  interpreter(/^ruby[\d.]*$/, ['-I', '-r', '-C', '-E'], [], ['-e']),
  interpreter(/^perl[\d.]*$/, ['-I'], [], ['-e', '-E']),
  interpreter(/^php[\d.-]*$/, ['-c', '-d', '-z'], ['-f'], ['-r', '-B', '-R', '-E']),
  interpreter(/^(?:ba|da|k|z|a)?sh$/, ['-o', '-O', '+o', '+O', '--rcfile'], [], ['-c']),
  interpreter(
    /^java$/,
    ['-cp', '-classpath', '--class-path', '-p', '--module-path', '--add-modules', '--add-opens'],
    ['-jar', '-m', '--module'],
    [],
  ),
]

/**
 * A file, a module or a class by its looks: nothing else of an argument is ever shown. One that is
 * named by a descriptor (`/proc/self/fd/3`) has no name.
 */
const SCRIPT = /^(?=.*[/.])(?!.*\/fd\/\d+$)[\w./@+-]{1,256}$/
const MODULE = /^[\w./@+-]{1,128}$/

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function findScript({ takesValue, namesProgram, holdsCode }: Interpreter, args: readonly string[]) {
  for (let index = 1; index < args.length; index++) {
    const arg = args[index] ?? ''
    const next = args[index + 1] ?? ''
    if (holdsCode.has(arg)) return undefined
    if (namesProgram.has(arg)) return MODULE.test(next) ? baseName(next) : undefined
    if (takesValue.has(arg)) index++
    else if (!arg.startsWith('-') && !arg.startsWith('+')) {
      return SCRIPT.test(arg) ? baseName(arg) : undefined
    }
  }
  return undefined
}

function executableName(exe: string | undefined, comm: string): string {
  // An executable that was replaced by an upgrade is still the same program.
  return exe === undefined ? comm : baseName(exe.replace(/ \(deleted\)$/, ''))
}

/**
 * `nginx`, `node server.js`, `python3.11 gunicorn`, `java app.jar`.
 * @param exe where /proc/PID/exe points; `undefined` where this user may not know: then comm stands
 * for it, which the process may have chosen itself
 */
export function nameProgram(
  exe: string | undefined,
  comm: string,
  args: readonly string[],
): string {
  const name = executableName(exe, comm)
  const kind = INTERPRETERS.find(({ executable }) => executable.test(name))
  const script = kind === undefined ? undefined : findScript(kind, args)
  return script === undefined || script === '' ? name : `${name} ${script}`
}

/** The script in a name that `nameProgram` gave: it tells more than its interpreter. */
export function scriptOf(name: string): string | undefined {
  const [program = '', ...rest] = name.split(' ')
  const isScript =
    rest.length > 0 && INTERPRETERS.some(({ executable }) => executable.test(program))
  return isScript ? rest.join(' ') : undefined
}

/** Whether `nameProgram` looks at the arguments of such an executable at all. */
export function isInterpreter(exe: string | undefined, comm: string): boolean {
  const name = executableName(exe, comm)
  return INTERPRETERS.some(({ executable }) => executable.test(name))
}

/** The name to go on with: a process that overwrote its arguments runs the same script as before. */
export function keepScript(before: string, now: string): string {
  return before.startsWith(`${now} `) ? before : now
}
