import { playwright } from '@vitest/browser-playwright'
import type { BrowserProviderOption, TestProject } from 'vitest/node'
import type { WebDriverSession } from './web-driver.ts'

declare module 'vitest/browser' {
  interface BrowserCommands {
    __vitest_viewport(): Promise<void>
    __vitest_keyboard(text: string): Promise<{ unreleased: string[] }>
  }
}

/** Runs Vitest in a browser that supports WebDriver. It opens a single page, which is enough for running tests. */
export function webDriverProvider(name: string, start: () => Promise<WebDriverSession>): BrowserProviderOption {
  return {
    name,
    options: {},
    // The part that serves the tests is the same for every browser.
    serverFactory: playwright().serverFactory,
    providerFactory: (project: TestProject) => {
      // Vitest sets the size of the page. No test depends on it.
      project.browser?.registerCommand('__vitest_viewport', async () => {})
      let session: Promise<WebDriverSession> | undefined
      project.browser?.registerCommand('__vitest_keyboard', async (_, text) => {
        await (await session)?.type(text)
        return { unreleased: [] }
      })
      return {
        name,
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        openPage: async (_sessionId, url) => {
          session ??= start()
          await (await session).goTo(url)
        },
        close: async () => {
          await (await session)?.close()
          session = undefined
        },
      }
    },
  }
}
