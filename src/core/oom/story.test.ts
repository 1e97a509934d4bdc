import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'
import type { Story } from './story.ts'
import { beginStory, continueStory, isStorm, mostOf, spanOf } from './story.ts'

function kill(sec: number | null, comm: string, memcg?: string): string {
  const stamp = sec === null ? '' : `[${sec.toFixed(6)}] `
  const summary =
    memcg === undefined
      ? [`${stamp}oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),task=${comm},pid=7,uid=0`]
      : [
          `${stamp}oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=${memcg},task_memcg=${memcg},task=${comm},pid=7,uid=0`,
        ]
  const prefix = memcg === undefined ? 'Out of memory' : 'Memory cgroup out of memory'
  return [
    `${stamp}${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`,
    ...summary,
    `${stamp}${prefix}: Killed process 7 (${comm}) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB`,
  ].join('\n')
}

const KILL_LINE = '[2.000000] Killed process 9 (b) total-vm:9kB, anon-rss:8kB, file-rss:0kB'

function storiesOf(text: string): readonly Story[] {
  const stories: Story[] = []
  for (const report of readReports(text)) {
    const explanation = explainReport(report)
    const last = stories.at(-1)
    const more = last === undefined ? undefined : continueStory(last, explanation)
    if (more === undefined) stories.push(beginStory(explanation))
    else stories[stories.length - 1] = more
  }
  return stories
}

const cases: readonly {
  readonly name: string
  readonly log: readonly string[]
  readonly reports: readonly number[]
}[] = [
  { name: 'close in time', log: [kill(10, 'a'), kill(12, 'a'), kill(92, 'b')], reports: [3] },
  { name: 'far apart', log: [kill(10, 'a'), kill(1000, 'a')], reports: [1, 1] },
  { name: 'the next boot', log: [kill(1000, 'a'), kill(20, 'a')], reports: [1, 1] },
  { name: 'stamps out of order', log: [kill(10, 'a'), kill(9, 'a')], reports: [2] },
  { name: 'two groups', log: [kill(1, 'a', '/a'), kill(2, 'b', '/b')], reports: [1, 1] },
  { name: 'one group', log: [kill(1, 'a', '/a'), kill(2, 'b', '/a')], reports: [2] },
  { name: 'a group, then the machine', log: [kill(1, 'a', '/a'), kill(2, 'b')], reports: [1, 1] },
  { name: 'the line of a kill alone', log: [kill(1, 'a', '/a'), KILL_LINE], reports: [2] },
  { name: 'without times', log: [kill(null, 'a'), kill(null, 'b')], reports: [2] },
]
for (const { name, log, reports } of cases) {
  test(`storms: ${name}`, () => {
    assert.deepEqual(
      storiesOf(log.join('\n')).map((story) => story.reports),
      reports,
    )
  })
}

test('a storm counts whom it killed and how long it took', () => {
  const [story] = storiesOf([kill(10, 'a'), kill(12, 'b'), kill(92, 'a')].join('\n'))
  assert.ok(story !== undefined)
  assert.equal(story.kills, 3)
  assert.equal(spanOf(story), 82)
  assert.deepEqual(mostOf(story.killed), [
    { name: 'a', count: 2 },
    { name: 'b', count: 1 },
  ])
})

test('one kill is no storm, however many reports there are', () => {
  const header =
    '[3.000000] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'
  const [one] = storiesOf([kill(1, 'a'), header].join('\n'))
  const [two] = storiesOf([kill(1, 'a'), kill(2, 'b')].join('\n'))
  assert.ok(one !== undefined && two !== undefined)
  assert.deepEqual([one.reports, isStorm(one)], [2, false])
  assert.equal(isStorm(two), true)
})
