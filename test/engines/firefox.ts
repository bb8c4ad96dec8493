import { playwright } from '@vitest/browser-playwright'
import { findProgram } from '../server/programs.ts'
import { type Engine, type Program, pathOf } from './engine.ts'

const program: Program = {
  debianPackage: 'firefox-esr',
  find: () => findProgram('firefox-esr') ?? findProgram('firefox'),
}

/** A release build of Firefox. The channel makes Playwright use WebDriver BiDi, which needs no patched browser. */
export const firefox: Engine = {
  name: 'firefox',
  title: 'Firefox',
  programs: [program],
  browser: () => ({
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: playwright({
      launchOptions: { channel: 'moz-firefox', executablePath: pathOf(program) },
      // Firefox does not support the command that sets these.
      contextOptions: { colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null },
    }),
    instances: [{ browser: 'firefox' }],
  }),
}
