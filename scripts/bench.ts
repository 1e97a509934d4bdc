/**
 * @module Every benchmark, one after the other, since two at once would measure each other.
 * `node scripts/bench.ts NAME...` runs those alone. Each prints its own figures beside a peer's.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Readonly<Record<string, string>>
}
const known = Object.keys(scripts)
  .filter((name) => name.startsWith('bench:'))
  .map((name) => name.slice('bench:'.length))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`unknown benchmark ${unknown.join(', ')}; there are ${known.join(', ')}`)
  process.exit(2)
}
for (const name of wanted.length > 0 ? wanted : known) {
  console.log(`== ${name}`)
  const { status } = spawnSync('npm', ['run', '--silent', `bench:${name}`], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
