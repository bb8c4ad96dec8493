import { chromium, chromiumPath } from './chromium.ts'
import { missingPackages } from './engine.ts'
import { engines } from './engines.ts'
import { canInstallPackages, installPackages, run } from './install.ts'

// What `npm test` does first: it gets a Chromium where there is none, and says what it leaves out.

try {
  const missing = missingPackages(chromium)
  if (missing.length > 0 && canInstallPackages()) installPackages(missing)
  else if (missing.length > 0) run('npx', ['playwright', 'install', 'chromium'])
  chromiumPath()
} catch {
  console.error(
    'The tests need a Chromium and none could be installed. Install one (on Debian: apt-get install chromium) ' +
      'or name one in CHROMIUM_PATH, then run `npm test` again.',
  )
  process.exitCode = 1
}

const others = engines.filter((engine) => engine !== chromium).map(({ title }) => title)
console.info(
  `The browser tests run in Chromium. Left out: ${others.join(' and ')}. npm run test:engines runs them in all.`,
)
