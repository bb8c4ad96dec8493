import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

const SYSTEM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A Chromium to test with: the machine's own, or Playwright's; `undefined` if there is neither. */
export function findChromium(): string | undefined {
  return [process.env['CHROMIUM_PATH'] ?? '', ...SYSTEM_PATHS, chromium.executablePath()].find(
    (path) => path !== '' && existsSync(path),
  )
}

/** {@link findChromium}, for whoever cannot go on without. */
export function chromiumPath(): string {
  const path = findChromium()
  if (path === undefined) throw new Error('No Chromium was found. `npm test` installs one where it can.')
  return path
}

/** Gets a Chromium where there is none: Debian's package as root, otherwise Playwright's own. */
function install(): void {
  const isRoot = process.getuid?.() === 0
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
  } else {
    run('npx', ['playwright', 'install', 'chromium'])
  }
}

function run(command: string, args: readonly string[]): void {
  console.info(`No Chromium here yet: ${command} ${args.join(' ')}`)
  execFileSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}

if (import.meta.main) {
  try {
    if (findChromium() === undefined) install()
    chromiumPath()
  } catch {
    console.error(
      'The tests need a Chromium and none could be installed. Install one (on Debian: apt-get install chromium) ' +
        'or name one in CHROMIUM_PATH, then run `npm test` again.',
    )
    process.exitCode = 1
  }
}
