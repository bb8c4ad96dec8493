import { existsSync } from 'node:fs'
import { playwright } from '@vitest/browser-playwright'
import { chromium as playwrightChromium } from 'playwright'
import { type Engine, type Program, pathOf } from './engine.ts'

const SYSTEM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The installed Chromium, or the one that Playwright downloads. */
const program: Program = {
  debianPackage: 'chromium',
  find: () =>
    [process.env['CHROMIUM_PATH'] ?? '', ...SYSTEM_PATHS, playwrightChromium.executablePath()].find(
      (path) => path !== '' && existsSync(path),
    ),
}

export const chromium: Engine = {
  name: 'chromium',
  title: 'Chromium',
  programs: [program],
  browser: () => ({
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: playwright({
      launchOptions: {
        executablePath: chromiumPath(),
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      },
    }),
    instances: [{ browser: 'chromium' }],
  }),
}

export function chromiumPath(): string {
  return pathOf(program)
}
