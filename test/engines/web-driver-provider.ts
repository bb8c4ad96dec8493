import { playwright } from '@vitest/browser-playwright'
import type { BrowserProviderOption, TestProject } from 'vitest/node'
import type { WebDriverSession } from './web-driver.ts'

declare module 'vitest/browser' {
  interface BrowserCommands {
    __vitest_viewport(): Promise<void>
    __vitest_keyboard(text: string): Promise<{ unreleased: string[] }>
  }
}

/** Vitest in a browser that speaks WebDriver: one page, which is all that running tests needs. */
export function webDriverProvider(name: string, start: () => Promise<WebDriverSession>): BrowserProviderOption {
  return {
    name,
    options: {},
    // The half that serves the tests is the same for every browser.
    serverFactory: playwright().serverFactory,
    providerFactory: (project: TestProject) => {
      // Vitest wants to set the size of the page, which no test here looks at.
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
