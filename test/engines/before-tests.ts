import { findProgram } from '../server/programs.ts'
import { chromium, chromiumPath } from './chromium.ts'
import { missingPackages } from './engine.ts'
import { engines } from './engines.ts'
import { canInstallPackages, installPackages, run } from './install.ts'

// Runs before `npm test`: installs a Chromium and a Redis if there is none, and prints what is left out.

try {
  const missing = missingPackages(chromium)
  if (missing.length > 0 && canInstallPackages()) installPackages(missing)
  else if (missing.length > 0) run('npx', ['playwright', 'install', 'chromium'])
  chromiumPath()
} catch {
  console.error(
    'The tests need Chromium, and the installation failed. Install it (on Debian: apt-get install chromium) ' +
      'or set CHROMIUM_PATH, then run `npm test` again.',
  )
  process.exitCode = 1
}

if (findProgram('redis-server') === undefined) {
  try {
    if (canInstallPackages()) installPackages(['redis-server'])
  } catch {
    // Reported below.
  }
  if (findProgram('redis-server') === undefined) {
    console.info(
      'The tests that need Redis are skipped: install redis-server (on Debian: apt-get install redis-server).',
    )
  }
}

const others = engines.filter((engine) => engine !== chromium).map(({ title }) => title)
console.info(
  `The browser tests run in Chromium, not in ${others.join(' or ')}. To run them in all engines: npm run test:engines`,
)
