import { resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { chromiumPath } from '../engines/chromium.ts'
import { startOwnProcess } from '../server/process.ts'
import { serveBuiltPage } from './built-page.ts'

const LIMIT_MS = 180_000
// How often a key is pressed.
const TYPING_MS = 40

/** CPU time of a page's main thread, without other load on the machine, and memory. */
export interface Cost {
  /** The total, including the work of the browser for each message. */
  readonly mainThreadMs: number
  /** The part that ran JavaScript. */
  readonly scriptMs: number
  /** How much the heap has grown, after garbage collection. */
  readonly heapBytes: number
}

/** The browser and the server of a benchmark. */
export interface Bench<O, R> {
  /** The url of the server. */
  readonly serverUrl: string
  /** The same server, as a WebSocket url. */
  readonly socketUrl: string
  /** Performs the order once, in a fresh tab. */
  run(order: O, conditions?: Conditions): Promise<R & Cost>
}

/** What happens to a page while it is measured. */
interface Conditions {
  /** How many times slower the processor is made. Default 1. */
  readonly throttle?: number
  /** Whether keys are pressed. Default `false`. */
  readonly isTyping?: boolean
}

/** Starts Chromium, the server and `pages/<name>`, and stops them when `use` settles. */
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
      run: (order, conditions = {}) => inFreshTab(browser, page.url, (tab) => measured<O, R>(tab, order, conditions)),
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

async function measured<O, R>(tab: Page, order: O, { throttle = 1, isTyping = false }: Conditions): Promise<R & Cost> {
  const devtools = await tab.context().newCDPSession(tab)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const metric = async (name: string) => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  }
  const cost = async (): Promise<Cost> => {
    // The collection takes time of the main thread: it comes after the times at the end, and before them at the start.
    const mainThreadMs = (await metric('TaskDuration')) * 1_000
    const scriptMs = (await metric('ScriptDuration')) * 1_000
    await devtools.send('HeapProfiler.collectGarbage')
    return { mainThreadMs, scriptMs, heapBytes: await metric('JSHeapUsedSize') }
  }
  if (throttle !== 1) await devtools.send('Emulation.setCPUThrottlingRate', { rate: throttle })
  let isDone = false
  const typing = async () => {
    while (isTyping && !isDone) {
      await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'a', code: 'KeyA' })
      await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'a', code: 'KeyA' })
      await new Promise((resolve) => setTimeout(resolve, TYPING_MS))
    }
  }
  const { heapBytes } = await cost()
  const before = { ...(await cost()), heapBytes }
  const typed = typing()
  // The cast is safe because a page and its benchmark share the types of the order and the outcome.
  const result = (await Promise.race([
    tab.evaluate((order) => globalThis.perform(order as never), order),
    failureOf(tab),
  ])) as R
  isDone = true
  await typed
  const after = await cost()
  return {
    ...result,
    mainThreadMs: after.mainThreadMs - before.mainThreadMs,
    scriptMs: after.scriptMs - before.scriptMs,
    heapBytes: after.heapBytes - before.heapBytes,
  }
}

/** Rejects on an uncaught error in the page, or after {@link LIMIT_MS}. */
async function failureOf(tab: Page): Promise<never> {
  throw await tab.waitForEvent('pageerror', { timeout: LIMIT_MS })
}

/** Counts commits with the DevTools hook, which React also calls in production. Runs before the scripts of the page. */
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
