import { build } from 'esbuild'
import { Miniflare } from 'miniflare'

// Runs worker.mjs in workerd: an order is appended, then the page of the log and its stream are read.

const { outputFiles } = await build({
  entryPoints: ['worker.mjs'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  external: ['cloudflare:workers'],
  write: false,
})
const worker = new Miniflare({
  modules: true,
  script: outputFiles[0].text,
  compatibilityDate: '2025-09-01',
  compatibilityFlags: ['nodejs_compat'],
  durableObjects: { FEED: { className: 'Feed', useSQLite: true } },
})
const { origin } = await worker.ready
const { status } = await fetch(`${origin}/orders`, { method: 'POST', body: '{"item":7}' })
const page = await (await fetch(`${origin}/logs/orders`)).json()
const abort = new AbortController()
const headers = { accept: 'text/event-stream' }
const stream = await fetch(`${origin}/logs/orders`, { headers, signal: abort.signal })
let streamed = ''
for await (const piece of stream.body.pipeThrough(new TextDecoderStream())) {
  streamed += piece
  if (/^data: ?{"item":7}$/m.test(streamed)) break
}
abort.abort()
console.info(JSON.stringify({ status, page, isStreamed: streamed !== '' }))
await worker.dispose()
