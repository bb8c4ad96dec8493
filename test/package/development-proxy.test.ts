import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fromEventSource, fromWebSocket, type Wire, wireStore } from 'rxwire'
import { createServer } from 'vite'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { type ServerProcess, startServerProcess } from '../server/process.ts'
import { examplesIn } from './examples.ts'

const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'storybook/docs/tasks/development-proxies.mdx'), 'utf8')
const printed = examplesIn(page).find(({ section }) => section === 'vite')?.code ?? ''

// Below node_modules, so that the imports of the configuration resolve.
const cache = join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'rxwire-proxy-'))
const backends: ServerProcess[] = []

beforeAll(() => async () => {
  for (const { kill } of backends) await kill()
  rmSync(folder, { recursive: true })
})

/** Starts the development server of Vite with a configuration of the page, in front of a server of its own. */
async function serve(name: string, configuration: string) {
  const backend = await startServerProcess()
  backends.push(backend)
  const configFile = join(folder, `${name}.config.ts`)
  const port = String(backend.port)
  writeFileSync(configFile, configuration.replace("'/ticks'", "'/wire'").replace('3000', port))
  const vite = await createServer({
    root: folder,
    configFile,
    logLevel: 'silent',
    server: { port: 0, host: '127.0.0.1' },
  })
  await vite.listen()
  onTestFinished(() => vite.close())
  const url = vite.resolvedUrls?.local[0] ?? ''
  return { backend, url: url.replace(/\/$/, '') }
}

/** Connects, and returns what the connection is at the moment. */
function follow(wire: Wire<unknown>): () => string {
  const store = wireStore(wire, { keep: 5 })
  onTestFinished(store.subscribe(() => {}))
  return () => `${store.getSnapshot().connection} ${store.getSnapshot().data.length > 0}`
}

it('reconnects through the proxy of Vite when the server is killed, with the configuration of the page', async () => {
  const plain = await serve('plain', printed.replace(', configure: endWithServer', ''))
  const configured = await serve('configured', printed)
  const feeds = [plain, configured].map(({ url }) =>
    follow(fromEventSource(`${url}/wire/sse/feed?hold&everyMs=50&count=10000`)),
  )
  const socket = follow(fromWebSocket(`${plain.url}/wire/ws/echo`, { sendOnOpen: () => 'hello' }))
  const connections = () => [...feeds, socket].map((connection) => connection())
  await expect.poll(connections).toEqual(['open true', 'open true', 'open true'])
  for (const { backend } of [plain, configured]) await backend.kill()
  // The first one is the reason for the page. If it reconnects, the page is no longer needed.
  await expect.poll(connections).toEqual(['open true', 'waiting true', 'waiting true'])
})
