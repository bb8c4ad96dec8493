import { globSync } from 'node:fs'
import { findProgram, freePort, startProgram } from '../server/programs.ts'
import { type Engine, type Program, pathOf } from './engine.ts'
import { startVirtualDisplay } from './virtual-display.ts'
import { startSession } from './web-driver.ts'
import { webDriverProvider } from './web-driver-provider.ts'

const driver: Program = { debianPackage: 'webkit2gtk-driver', find: () => findProgram('WebKitWebDriver') }

/** The browser of WebKit's own tests. It comes with the library that the driver is for. */
const miniBrowser: Program = {
  debianPackage: driver.debianPackage,
  find: () => globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser')[0],
}

const display: Program = { debianPackage: 'xvfb', find: () => findProgram('Xvfb') }

/** A WebKitGTK as Debian has it: driven by the W3C's protocol, on a display of its own. */
export const webkit: Engine = {
  name: 'webkit',
  title: 'WebKit',
  programs: [driver, miniBrowser, display],
  browser: () => ({
    enabled: true,
    // It knows no such mode. Vitest opens no second page in one that is seen.
    headless: false,
    ui: false,
    screenshotFailures: false,
    provider: webDriverProvider('webkit', startWebKit),
    instances: [{ browser: 'webkit' as never }],
  }),
}

async function startWebKit() {
  const screen = await startVirtualDisplay(pathOf(display))
  const port = await freePort()
  const driving = await startProgram(pathOf(driver), [`--port=${port}`, '--host=127.0.0.1'], port, {
    ...process.env,
    DISPLAY: screen.name,
  })
  const session = await startSession(`http://127.0.0.1:${port}`, {
    'webkitgtk:browserOptions': { binary: pathOf(miniBrowser), args: ['--automation'] },
  })
  return {
    goTo: session.goTo,
    close: async () => {
      await session.close()
      await driving.stop()
      await screen.stop()
    },
  }
}
