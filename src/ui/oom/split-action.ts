/** @module What of an action is a command, so that it can be copied into a shell. */

const COMMANDS =
  /^(plimsoll|systemctl|cat|df|mount|slabtop|grep|sysctl|iostat|echo|numastat|sort|journalctl) /

/** An action's words, and the command in it where there is one. */
export function splitAction(action: string): readonly [words: string, command: string | null] {
  const at = action.indexOf(': ')
  const command = action.slice(at + 2)
  const isCommand = at >= 0 && COMMANDS.test(command) && !command.includes(', ')
  return isCommand ? [action.slice(0, at), command] : [action, null]
}
