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
  /** What its first argument that is no option looks like where it is a program. */
  readonly looks: RegExp
}

/**
 * A file, a module or a class by its looks: nothing else of an argument is ever shown. One that is
 * named by a descriptor (`/proc/self/fd/3`) has no name.
 */
const SCRIPT = /^(?=.*[/.])(?!.*\/fd\/\d+$)[\w./@+-]{1,256}$/
/** A main class needs no package. */
const MAIN_CLASS = /^(?!.*\/fd\/\d+$)[\w./@+$-]{1,256}$/
const MODULE = /^[\w./@+-]{1,128}$/

function interpreter(
  executable: RegExp,
  takesValue: readonly string[],
  namesProgram: readonly string[],
  holdsCode: readonly string[],
  looks = SCRIPT,
): Interpreter {
  return {
    executable,
    takesValue: new Set(takesValue),
    namesProgram: new Set(namesProgram),
    holdsCode: new Set(holdsCode),
    looks,
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
    [
      ...['-cp', '-classpath', '--class-path', '-p', '--module-path', '--upgrade-module-path'],
      ...['--add-modules', '--limit-modules', '--patch-module', '--enable-native-access'],
      ...['--add-opens', '--add-exports', '--add-reads', '--source', '-d', '--describe-module'],
    ],
    ['-jar', '-m', '--module'],
    [],
    MAIN_CLASS,
  ),
]

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function findScript(
  { takesValue, namesProgram, holdsCode, looks }: Interpreter,
  args: readonly string[],
) {
  for (let index = 1; index < args.length; index++) {
    const arg = args[index] ?? ''
    const next = args[index + 1] ?? ''
    if (holdsCode.has(arg)) return undefined
    if (namesProgram.has(arg)) return MODULE.test(next) ? baseName(next) : undefined
    if (takesValue.has(arg)) index++
    else if (!/^[-+@]/.test(arg)) {
      return looks.test(arg) ? baseName(arg) : undefined
    }
  }
  return undefined
}

function findInterpreter(name: string): Interpreter | undefined {
  return INTERPRETERS.find(({ executable }) => executable.test(name))
}

/** More than that of a program's name may be what its process wrote there. */
const PLAIN_NAME = /^[\w.+-]{1,64}$/

/**
 * Where the executable may not be known: comm, which the process may have chosen itself and of which
 * only 15 characters are told; its first argument knows the rest, and that it is an interpreter's
 * (the main thread of Node is named `MainThread`).
 */
function nameByArgument(comm: string, first: string): string {
  const name = baseName(first.replace(/^-/, ''))
  if (findInterpreter(name) !== undefined) return name
  return PLAIN_NAME.test(name) && comm !== '' && name.startsWith(comm) ? name : comm
}

function executableName(exe: string): string {
  // An executable that was replaced by an upgrade is still the same program.
  return baseName(exe.replace(/ \(deleted\)$/, ''))
}

/**
 * `nginx`, `node server.js`, `python3.11 gunicorn`, `java app.jar`, `java org.acme.Main`.
 * @param exe where /proc/PID/exe points; `undefined` where this user may not know
 */
export function nameProgram(
  exe: string | undefined,
  comm: string,
  args: readonly string[],
): string {
  const name = exe === undefined ? nameByArgument(comm, args[0] ?? '') : executableName(exe)
  const kind = findInterpreter(name)
  const script = kind === undefined ? undefined : findScript(kind, args)
  return script === undefined || script === '' ? name : `${name} ${script}`
}

/** The script in a name that `nameProgram` gave: it tells more than its interpreter. */
export function scriptOf(name: string): string | undefined {
  const [program = '', ...rest] = name.split(' ')
  const isScript = rest.length > 0 && findInterpreter(program) !== undefined
  return isScript ? rest.join(' ') : undefined
}

/** Whether `nameProgram` looks at the arguments of such an executable at all. */
export function wantsArguments(exe: string | undefined): boolean {
  return exe === undefined || findInterpreter(executableName(exe)) !== undefined
}

/** The name to go on with: a process that overwrote its arguments runs the same script as before. */
export function keepScript(before: string, now: string): string {
  return before.startsWith(`${now} `) ? before : now
}
