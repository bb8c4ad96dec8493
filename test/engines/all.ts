import { spawnSync } from 'node:child_process'
import { type Engine, missingPackages } from './engine.ts'
import { engines } from './engines.ts'
import { canInstallPackages, installPackages } from './install.ts'

// `npm run test:engines` runs the browser tests in one engine after the other, so that each has the machine to itself.
// Further arguments go to Vitest, for example the path of a test file.

// A longer run is considered hung.
const LIMIT_MS = 45 * 60_000

const missing = [...new Set(engines.flatMap(missingPackages))]
if (missing.length > 0 && canInstallPackages()) installPackages(missing)

if (engines.some((engine) => missingPackages(engine).length > 0)) {
  console.error(`Some browser engines are missing. As root: apt-get install ${missing.join(' ')}`)
  process.exitCode = 1
} else {
  const results = engines.map(runIn)
  for (const { title, hasPassed, seconds } of results) {
    console.info(`${title}: ${hasPassed ? 'passed' : 'FAILED'} in ${seconds} s`)
  }
  if (results.some(({ hasPassed }) => !hasPassed)) process.exitCode = 1
}

function runIn({ name, title }: Engine) {
  console.info(`\n${title}`)
  const startedAtMs = Date.now()
  const projects = ['--project', name, '--project', `${name} alone`]
  const args = ['run', '--config', 'test/vitest.config.ts', ...projects, ...process.argv.slice(2)]
  const { status } = spawnSync('vitest', args, { stdio: 'inherit', timeout: LIMIT_MS })
  return { title, hasPassed: status === 0, seconds: Math.round((Date.now() - startedAtMs) / 1_000) }
}
