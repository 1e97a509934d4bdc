import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { createProgram } from '../src/app/cli/program.ts'
import { explainedReport, replacePart, scoreTable } from './readme.ts'

const DOCUMENTS = globSync(['*.md', 'docs/*.md', 'lab/**/*.md'])
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Readonly<Record<string, string>>
}

/** What stands in code: fenced blocks line by line, and spans. */
function codeOf(text: string): string[] {
  const fences = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap((m) =>
    (m[1] ?? '').split('\n'),
  )
  return [...fences, ...[...text.matchAll(/`([^`\n]+)`/g)].map((m) => m[1] ?? '')]
}

test('links within the documents lead somewhere', () => {
  for (const file of DOCUMENTS) {
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^https?:/.test(target)) continue
      assert.ok(existsSync(join(dirname(file), target)), `${file} links to ${target}`)
    }
  }
})

test('commands of the documents exist, with their options', () => {
  const program = createProgram(() => {})
  for (const file of DOCUMENTS) {
    for (const code of codeOf(readFileSync(file, 'utf8'))) {
      const [, name, rest = ''] = /^(?:\$ )?(?:bin\/)?plimsoll ([a-z]+)(.*)$/.exec(code) ?? []
      if (name === undefined) continue
      const group = program.commands.find((candidate) => candidate.name() === name)
      assert.ok(group !== undefined, `${file}: ${code}`)
      const [, word] = /^ ([a-z]+)/.exec(rest) ?? []
      const command = group.commands.find((candidate) => candidate.name() === word) ?? group
      for (const [option] of rest.split('#')[0]?.matchAll(/(?<=\s)--[a-z-]+/g) ?? []) {
        const isKnown = command.options.some(({ long }) => long === option) || option === '--help'
        assert.ok(isKnown, `${file}: ${code}: ${option}`)
      }
    }
  }
})

test('npm scripts of the documents exist', () => {
  for (const file of DOCUMENTS) {
    for (const code of codeOf(readFileSync(file, 'utf8'))) {
      for (const [, name = ''] of code.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
        assert.ok(name in scripts, `${file}: ${code}`)
      }
    }
  }
})

test('documents run TypeScript by npm alone, which brings the Node that can', () => {
  for (const file of DOCUMENTS) {
    const found = /\bnode(?: -\S+)* \S+\.ts\b/.exec(readFileSync(file, 'utf8'))
    assert.equal(found?.[0], undefined, file)
  }
})

test('the score in the README is that of its document', () => {
  const table = scoreTable(readFileSync('docs/detection-bench.md', 'utf8'))
  assert.ok(readFileSync('README.md', 'utf8').includes(table))
})

test('the explained report of the documents is what the code says of it', () => {
  for (const file of ['README.md', 'docs/explain.md']) {
    const text = readFileSync(file, 'utf8')
    assert.equal(text, replacePart(text, 'explain', explainedReport()), `${file}: npm run readme`)
  }
})
