/** @module What a model was made of, in words, and where each figure comes from. */
import { formatBytes } from '../../../base/format.ts'
import type { HostConsole } from '../cost.ts'
import { eraOf } from '../era.ts'
import { formatPrintk } from '../printk.ts'
import type { Chosen, Figure, From } from './choose.ts'
import { FIGURES } from './choose.ts'

function consoleWords({ name, cost, isSynchronous }: HostConsole): string {
  if (!isSynchronous) return `${name} with a thread of its own`
  if (cost.from === 'unknown') return `${name}, which counts as nothing: ${cost.why}`
  const speed = cost.from === 'baud' ? ` at ${cost.baud} baud` : ''
  return `${name}${speed}`
}

function figureWords(figure: Figure, { setting, release, tasks }: Chosen): string {
  switch (figure) {
    case 'release': {
      const { likeRelease, isExact } = eraOf(release)
      return isExact ? `Linux ${release}` : `Linux ${release}, taken to print as ${likeRelease}`
    }
    case 'tasks':
      return `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`
    case 'consoles':
      return setting.consoles.length === 0
        ? 'no console'
        : setting.consoles.map(consoleWords).join(' and ')
    case 'printk':
      return `kernel.printk ${formatPrintk(setting.printk)}`
    case 'dumpsTasks':
      return `vm.oom_dump_tasks ${setting.dumpsTasks ? 1 : 0}`
    case 'memoryBytes':
      return `${formatBytes(setting.memoryBytes)} for programs`
  }
}

const FROM_WORDS: Readonly<Record<From, string>> = {
  host: 'Read here',
  asked: 'Asked for',
  assumed: 'Assumed',
}

/** A sentence for each source that has figures. */
export function basisOf(chosen: Chosen): readonly string[] {
  return (['host', 'asked', 'assumed'] as const).flatMap((source) => {
    const words = FIGURES.filter((figure) => chosen.from[figure] === source).map((figure) =>
      figureWords(figure, chosen),
    )
    return words.length === 0 ? [] : [`${FROM_WORDS[source]}: ${words.join(', ')}.`]
  })
}
