import react from '@vitejs/plugin-react'
import { chromium } from 'playwright'
import { createServer, type Plugin } from 'vite'
import { expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { chromiumPath } from '../engines/chromium.ts'
import { alias, root } from '../vitest-shared.ts'

const PAGE = '/hot/'
const MAIN = '/hot/main.tsx'
const APP = '/hot/app.tsx'

const main = `
  import { StrictMode } from 'react'
  import { createRoot } from 'react-dom/client'
  import { App } from '${APP}'
  createRoot(document.querySelector('main')).render(<StrictMode><App /></StrictMode>)
`

const app = (greeting: string, url: string) => `
  import { useEventSource } from 'rxwire/react'
  export function App() {
    const { data } = useEventSource('${url}', { decode: Number, keep: 1_000_000 })
    const isWhole = data.every((n, index) => n === index + 1)
    return <output>{\`${greeting} \${isWhole} \${data.length}\`}</output>
  }
`

/** Serves a page whose modules are the entries of the map. A test edits the page by changing the map. */
function written(modules: Map<string, string>): Plugin {
  return {
    name: 'written',
    resolveId: (id) => (modules.has(id) ? id : undefined),
    load: (id) => modules.get(id),
    configureServer: (server) => () => {
      server.middlewares.use(PAGE, async (_, response) => {
        const html = `<!doctype html><main></main><script type="module" src="${MAIN}"></script>`
        response.setHeader('content-type', 'text/html').end(await server.transformIndexHtml(PAGE, html))
      })
    },
  }
}

it('keeps its connection and its data when the component is edited', async () => {
  const server = backend()
  const url = server.url('/sse/feed', { count: 1_000_000, everyMs: 20 })
  const modules = new Map([
    [MAIN, main],
    [APP, app('before', url)],
  ])
  const vite = await createServer({
    configFile: false,
    root,
    appType: 'custom',
    logLevel: 'error',
    cacheDir: 'node_modules/.vite/hot-reload',
    plugins: [react(), written(modules)],
    resolve: { alias },
    optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', 'rxjs', '@tanstack/query-core'] },
    server: { host: '127.0.0.1', port: 0 },
  })
  onTestFinished(() => vite.close())
  await vite.listen()
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.goto(new URL(PAGE, vite.resolvedUrls?.local[0]).href)
  const words = async () => ((await page.locator('output').textContent()) ?? '').split(' ')
  await expect.poll(words).toEqual(['before', 'true', expect.stringMatching(/^[1-9]/)])

  const before = Number((await words())[2])
  modules.set(APP, app('after', url))
  const edited = await vite.moduleGraph.getModuleByUrl(APP)
  if (edited === undefined) throw new Error('The page did not load its app module.')
  await vite.reloadModule(edited)
  await expect.poll(async () => (await words())[0]).toBe('after')
  const [, isWhole, after] = await words()
  expect(isWhole).toBe('true')
  expect(Number(after)).toBeGreaterThanOrEqual(before)
  expect((await server.stats()).seen).toHaveLength(1)
})
