import { resolve } from 'node:path'
import { startOwnProcess } from '../server/process.ts'
import { type Engine, pathOf } from './engine.ts'
import { startSession, type WebDriverSession } from './web-driver.ts'
import { webDriverProvider } from './web-driver-provider.ts'
import { display, driver, miniBrowser } from './webkit-programs.ts'

/** WebKitGTK from Debian, driven over the W3C WebDriver protocol on its own display. */
export const webkit: Engine = {
  name: 'webkit',
  title: 'WebKit',
  programs: [driver, miniBrowser, display],
  browser: () => ({
    enabled: true,
    // WebKitGTK has no headless mode. It runs on a virtual display instead.
    headless: false,
    ui: false,
    screenshotFailures: false,
    provider: webDriverProvider('webkit', startWebKit),
    // Vitest accepts only the names of Playwright's browsers. `webkit` happens to be one of them.
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
