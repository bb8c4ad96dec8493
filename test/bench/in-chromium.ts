import { resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { chromiumPath } from '../engines/chromium.ts'
import { startOwnProcess } from '../server/process.ts'
import { serveBuiltPage } from './built-page.ts'

const LIMIT_MS = 180_000

/** What the main thread of a page did for its work, in its own processor time: what else the machine does is no part of it. */
export interface Cost {
  /** All of it, with what the browser itself does for each message. */
  readonly mainThreadMs: number
  /** What of that was JavaScript. */
  readonly scriptMs: number
}

/** Where a work takes place. */
export interface Bench<O, R> {
  /** The address of the server of the works. */
  readonly serverUrl: string
  /** The same for sockets. */
  readonly socketUrl: string
  /** Has the page do what is ordered, once, in a fresh tab. */
  run(order: O): Promise<R & Cost>
}

/** Opens `pages/<name>` in a Chromium, and the server that it talks to, for as long as they are used. */
export async function inChromium<O, R, T>(name: string, use: (bench: Bench<O, R>) => Promise<T>): Promise<T> {
  const page = await serveBuiltPage(name)
  const server = await startOwnProcess(resolve(import.meta.dirname, 'server/main.ts'))
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
  try {
    return await use({
      serverUrl: server.said,
      socketUrl: server.said.replace('http', 'ws'),
      run: (order) => inFreshTab(browser, page.url, (tab) => measured<O, R>(tab, order)),
    })
  } finally {
    await browser.close()
    await server.end()
    page.close()
  }
}

async function inFreshTab<R>(browser: Browser, url: string, use: (tab: Page) => Promise<R>): Promise<R> {
  const context = await browser.newContext()
  try {
    const tab = await context.newPage()
    await tab.addInitScript(countCommits)
    await tab.goto(url)
    return await use(tab)
  } finally {
    await context.close()
  }
}

async function measured<O, R>(tab: Page, order: O): Promise<R & Cost> {
  const devtools = await tab.context().newCDPSession(tab)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const cost = async (): Promise<Cost> => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const msOf = (metric: string) => (metrics.find(({ name }) => name === metric)?.value ?? Number.NaN) * 1_000
    return { mainThreadMs: msOf('TaskDuration'), scriptMs: msOf('ScriptDuration') }
  }
  const before = await cost()
  // Its type is the page's own word: a page and its work name the same.
  const result = (await Promise.race([
    tab.evaluate((order) => globalThis.perform(order as never), order),
    failureOf(tab),
  ])) as R
  const after = await cost()
  return {
    ...result,
    mainThreadMs: after.mainThreadMs - before.mainThreadMs,
    scriptMs: after.scriptMs - before.scriptMs,
  }
}

/** What nobody catches in a page is the end of its work, and so is taking too long. */
async function failureOf(tab: Page): Promise<never> {
  throw await tab.waitForEvent('pageerror', { timeout: LIMIT_MS })
}

/** React tells its devtools of each commit, also in production. This runs in the page, before all else. */
function countCommits(): void {
  globalThis.commits = 0
  Object.assign(globalThis, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: () => {
        globalThis.commits += 1
      },
      onCommitFiberUnmount: () => {},
    },
  })
}
