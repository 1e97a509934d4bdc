/** @module journald that writes to a console itself: it waits there, and who logs to it waits with it (journald.conf(5)). */
import type { Check, Evidence } from '../finding.ts'
import { JOURNALD_DROP_IN, SYSTEMD_DROP_IN } from '../finding.ts'
import { iniValue, isYes } from '../ini.ts'
import { lastArgument } from '../kernel-arguments.ts'

export const check: Check = {
  id: 'forward-to-console',
  asks: 'Does journald or systemd write its messages to the console?',
  looksAt: ['/etc/systemd/journald.conf', '/etc/systemd/system.conf', '/proc/cmdline'],
  healthy: 'ForwardToConsole=no, no log target of console',
  find(facts) {
    const forward = iniValue(facts, 'journald', 'ForwardToConsole')
    const target = iniValue(facts, 'system', 'LogTarget')
    const argument = lastArgument(facts.given ?? [], 'systemd.log_target')
    const isForward = forward !== null && isYes(forward.value)
    const isTarget = target !== null && /^console/.test(target.value)
    const isArgument = /^console/.test(argument?.value ?? '')
    const evidence: readonly Evidence[] = [
      ...(isForward ? [{ path: forward.path, value: `ForwardToConsole=${forward.value}` }] : []),
      ...(isTarget ? [{ path: target.path, value: `LogTarget=${target.value}` }] : []),
      ...(isArgument
        ? [{ path: '/proc/cmdline', value: `systemd.log_target=${argument?.value}` }]
        : []),
    ]
    if (evidence.length === 0) return null
    return {
      severity: 'medium',
      title: 'The journal goes to the console as well',
      what: 'journald writes there synchronously: a console that hangs blocks journald, and every service that logs to it.',
      evidence,
      consequence: 'A slow line slows all services that log, without any OOM.',
      fix: {
        now: [],
        persistent: [
          ...(isForward
            ? [{ file: JOURNALD_DROP_IN, text: '[Journal]\nForwardToConsole=no\n' }]
            : []),
          ...(isTarget
            ? [{ file: SYSTEMD_DROP_IN, text: '[Manager]\nLogTarget=journal-or-kmsg\n' }]
            : []),
        ],
        advice: `Then: systemctl restart systemd-journald${isArgument ? '; take systemd.log_target= out of the kernel command line' : ''}.`,
      },
      givesUp: "services' messages on the console",
      undo: 'delete the drop-in and restart systemd-journald',
    }
  },
}
