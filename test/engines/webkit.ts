import { resolve } from 'node:path'
import { startOwnProcess } from '../server/process.ts'
import { type Engine, pathOf } from './engine.ts'
import { startSession, type WebDriverSession } from './web-driver.ts'
import { webDriverProvider } from './web-driver-provider.ts'
import { display, driver, miniBrowser } from './webkit-programs.ts'

/** A WebKitGTK as Debian has it: driven by the W3C's protocol, on a display of its own. */
export const webkit: Engine = {
  name: 'webkit',
  title: 'WebKit',
  programs: [driver, miniBrowser, display],
  browser: () => ({
    enabled: true,
    // It has no such mode: its display is what nobody sees.
    headless: false,
    ui: false,
    screenshotFailures: false,
    provider: webDriverProvider('webkit', startWebKit),
    // Vitest knows the names of Playwright's browsers, of which this is one by chance.
    instances: [{ browser: 'webkit' }],
  }),
}

async function startWebKit(): Promise<WebDriverSession> {
  const driving = await startOwnProcess(resolve(import.meta.dirname, 'webkit-driver.ts'))
  const session = await startSession(driving.said, {
    'webkitgtk:browserOptions': { binary: pathOf(miniBrowser), args: ['--automation'] },
  })
  return {
    ...session,
    close: async () => {
      await session.close()
      await driving.end()
    },
  }
}
