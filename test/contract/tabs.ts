import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { WebSocket } from 'ws'
import { chromiumPath } from '../engines/chromium.ts'
import { alias } from '../vitest-shared.ts'

/**
 * A Chromium whose tabs can be hidden, frozen, left and restored. Playwright keeps every page visible and disables the
 * back/forward cache, so this drives Chromium directly.
 */
export interface Tabs {
  /** Opens a tab in the foreground. The page has the library, with `rxwire/tabs`, as the global `rxwire`. */
  open(): Promise<Tab>
  close(): Promise<void>
}

/** A tab, with the actions of a user or of the browser. */
export interface Tab {
  toFront(): Promise<void>
  /** Freezes a hidden page, as the browser does to save energy. */
  freeze(isFrozen: boolean): Promise<void>
  goOffline(isOffline: boolean): Promise<void>
  /** Navigates to another page. */
  leave(): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
  /** Ends the process of the page. */
  crash(): Promise<void>
  /** Evaluates an expression in the page. Its result must be JSON. */
  run<T>(expression: string): Promise<T>
}

const ARGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0']

/** @param serve Answers the requests that are not for a page. */
export async function openTabs(serve?: RequestListener): Promise<Tabs> {
  const pages = await servePages(serve)
  const profile = await mkdtemp(join(tmpdir(), 'rxwire-tabs-'))
  const browser = spawn(chromiumPath(), [...ARGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const gone = new Promise<void>((done) => browser.once('exit', () => done()))
  const address = await new Promise<string>((found, failed) => {
    let said = ''
    browser.stderr.on('data', (text: Buffer) => {
      said += text.toString()
      const [, url] = /DevTools listening on (\S+)/.exec(said) ?? []
      if (url !== undefined) found(url)
    })
    browser.once('exit', () => failed(new Error(`Chromium did not start: ${said}`)))
  })
  const protocol = await connect(address)
  return {
    open: async () => {
      const { targetId } = await protocol<{ targetId: string }>('Target.createTarget', { url: pages.url })
      const { sessionId } = await protocol<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
      const close = async () => void (await protocol('Target.closeTarget', { targetId }))
      const tab = tabOf((method, params) => protocol(method, params, sessionId), pages.url, close)
      while ((await tab.run('typeof rxwire')) !== 'object') await soon()
      return tab
    },
    close: async () => {
      await protocol('Browser.close')
      await gone
      await pages.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 20 })
    },
  }
}

type Send = <R>(method: string, params?: object) => Promise<R>

function tabOf(send: Send, url: string, close: () => Promise<void>): Tab {
  const run = async <T>(expression: string) => {
    const params = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await send<{ result: { value: T }; exceptionDetails?: object }>(
      'Runtime.evaluate',
      params,
    )
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return result.value
  }
  /** During a navigation, no page evaluates expressions. */
  const arriveAt = async (path: string) => {
    while ((await run('location.pathname').catch(() => undefined)) !== path) await soon()
  }
  return {
    toFront: () => send('Page.bringToFront'),
    freeze: (isFrozen) => send('Page.setWebLifecycleState', { state: isFrozen ? 'frozen' : 'active' }),
    goOffline: async (offline) => {
      await send('Network.enable')
      await send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      })
    },
    leave: async () => {
      await send('Page.navigate', { url: `${url}elsewhere` })
      await arriveAt('/elsewhere')
    },
    back: async () => {
      const history = await send<{ currentIndex: number; entries: { id: number }[] }>('Page.getNavigationHistory')
      await send('Page.navigateToHistoryEntry', { entryId: history.entries[history.currentIndex - 1]?.id })
      await arriveAt('/')
    },
    close,
    crash: async () => {
      // It has no result: the page is gone.
      send('Page.crash').catch(() => {})
      await close()
    },
    run,
  }
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}

/** A minimal client of the Chrome DevTools Protocol: sends a command and returns its result. */
async function connect(address: string) {
  const socket = new WebSocket(address)
  await new Promise((opened, failed) => socket.once('open', opened).once('error', failed))
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  socket.on('message', (data) => {
    const { id, result, error } = JSON.parse(String(data))
    const caller = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) caller?.resolve(result as never)
    else caller?.reject(new Error(JSON.stringify(error)))
  })
  let last = 0
  return <R>(method: string, params: object = {}, sessionId?: string) =>
    new Promise<R>((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params, ...(sessionId !== undefined && { sessionId }) }))
    })
}

const PAGES: readonly unknown[] = ['/', '/elsewhere', '/rxwire.js']

/** Serves a page with the library, and another page to navigate to. */
async function servePages(serve?: RequestListener) {
  const script = await bundle()
  const server = createServer((request, response) => {
    const { url } = request
    if (serve !== undefined && !PAGES.includes(url)) {
      serve(request, response)
      return
    }
    response.setHeader('content-type', url === '/rxwire.js' ? 'text/javascript' : 'text/html')
    if (url === '/rxwire.js') response.end(script)
    else response.end(`<!doctype html>${url === '/' ? '<script src="/rxwire.js"></script>' : 'another page'}`)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(closed))
    },
  }
}

async function bundle(): Promise<string> {
  let code = ''
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    plugins: [
      {
        name: 'take-the-code',
        generateBundle: (_, chunks) => {
          for (const chunk of Object.values(chunks)) if (chunk.type === 'chunk') code = chunk.code
        },
      },
    ],
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, 'tab-page.ts'), formats: ['iife'], name: 'rxwire' },
    },
  })
  return code
}
