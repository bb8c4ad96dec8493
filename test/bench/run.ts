import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { busyFraction, isBusy, machine } from './machine.ts'
import { asMarkdown, asTable } from './report.ts'
import type { Work } from './work.ts'

// `npm run bench [name…]`: measures the named benchmarks, or all of them, and prints one table. A run of all benchmarks
// also writes RESULTS.md, unless other programs kept the machine busy.
const all = readdirSync(resolve(import.meta.dirname, 'works')).map((file) => file.replace(/\.ts$/, ''))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !all.includes(name))
if (unknown.length > 0) throw new Error(`Unknown benchmark: ${unknown.join(', ')}. Known: ${all.join(', ')}.`)

const works: Work[] = []
const busy: string[] = []
for (const name of asked.length === 0 ? all : asked) {
  const fraction = await busyFraction()
  if (isBusy(fraction)) busy.push(`${Math.round(fraction * 100)} % of the cores before ${name}`)
  const startedMs = performance.now()
  works.push(await measured(name))
  console.info(`${name}: ${Math.round((performance.now() - startedMs) / 1_000)} s`)
}
console.info(asTable(works))
if (busy.length > 0) {
  console.error(`Other programs kept the machine busy, so these figures are not comparable: ${busy.join(', ')}.`)
  process.exitCode = 1
}
if (asked.length === 0) {
  if (busy.length > 0) console.error('RESULTS.md was not written.')
  else writeFileSync(resolve(import.meta.dirname, 'RESULTS.md'), asMarkdown(works, machine()))
}

/** Measures a benchmark in a new process, so that memory and compiled code of another one do not affect it. */
async function measured(name: string): Promise<Work> {
  const child = fork(resolve(import.meta.dirname, 'measure.ts'), [name], {
    execArgv: ['--expose-gc'],
    // JSON cannot represent infinite times.
    serialization: 'advanced',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} exited with code ${code}.`)))
  const [work] = await Promise.race([once(child, 'message'), failed])
  return work
}
