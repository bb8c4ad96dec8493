import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { QueryClient } from '@tanstack/query-core'
import { type ReactNode, Suspense } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { fromEventSource, json, tus, wireStore } from 'rxwire'
import { useFetch, WireProvider } from 'rxwire/query/react'
import {
  useDurableStream,
  useEventSource,
  useLongPoll,
  usePoll,
  useSuspenseWire,
  useUpload,
  useXhr,
} from 'rxwire/react'
import { expect, it } from 'vitest'
import { backend } from '../backend.ts'

it('renders idle on a server and does not connect', async () => {
  const server = backend()
  const feedUrl = server.url('/sse/held')
  function Feed({ url }: { url: string }) {
    const { connection, data } = useEventSource(url, { keep: 3 })
    return <output>{`${connection}:${data.length}`}</output>
  }
  expect(renderToString(<Feed url={feedUrl} />)).toBe('<output>idle:0</output>')
  // A relative url is valid on a server: only the browser resolves it.
  expect(renderToString(<Feed url="/feed" />)).toBe('<output>idle:0</output>')
  expect((await server.stats()).seen).toHaveLength(0)
})

it('renders idle for the other hooks that take a url, and sends no request', async () => {
  const server = backend()
  const url = server.url('/http/json')
  function All() {
    const states = [usePoll(url), useLongPoll(url), useDurableStream(url), useXhr(url)]
    const { start, stop } = useXhr(url)
    return <output>{[...states.map(({ connection }) => connection), typeof start, typeof stop].join(' ')}</output>
  }
  expect(renderToString(<All />)).toBe('<output>idle idle idle idle function function</output>')
  expect((await server.stats()).seen).toHaveLength(0)
})

function Greeting({ url }: { url: string }) {
  const { data, status, isFetching, download } = useFetch(url, { decode: json<{ name: string }>(), gcMs: 60_000 })
  return <output>{`${status}:${isFetching}:${data?.name}:${download}`}</output>
}

it('renders pending while the cache has no response, and sends no request', async () => {
  const server = backend()
  const url = server.url('/http/json')
  expect(renderToString(<Greeting url={url} />)).toBe('<output>pending:true:undefined:undefined</output>')
  expect((await server.stats()).seen).toHaveLength(0)
})

it('renders the data of the provided query client, and none of another client', () => {
  const client = new QueryClient()
  const url = 'https://example.com/me'
  const page = (ofRequest: QueryClient) => (
    <WireProvider client={ofRequest}>
      <Greeting url={url} />
    </WireProvider>
  )
  renderToString(page(client))
  client.setQueriesData({}, { name: 'Ada' })
  expect(renderToString(page(client))).toContain('success:true:Ada')
  expect(renderToString(page(new QueryClient()))).toContain('pending:true:undefined')
  expect(renderToString(<Greeting url={url} />)).toContain('pending:true:undefined')
})

it('renders no uploads on a server', () => {
  function Files() {
    const { uploads, upload } = useUpload('/files', { protocol: tus() })
    return <output>{`${uploads.length}:${upload}`}</output>
  }
  expect(renderToString(<Files />)).toBe('<output>0:undefined</output>')
})

it('renders the fallback without dehydrated data, even if a connection with the same key is open', async () => {
  const server = backend()
  const wire = () => fromEventSource(server.url('/sse/held', { events: 'data: hello\n\n' }))
  const store = wireStore(wire, { key: server.key })
  await store.load()
  function Greeting({ dehydrated }: { dehydrated?: ReturnType<typeof store.dehydrate> }) {
    const { data } = useSuspenseWire(wire, { key: server.key, dehydrated })
    return <output>{data?.toUpperCase()}</output>
  }
  const html = (greeting: ReactNode) => renderToString(<Suspense fallback="…">{greeting}</Suspense>)
  expect(html(<Greeting />)).toContain('…')
  expect(html(<Greeting dehydrated={store.dehydrate()} />)).toContain('HELLO')
  store.stop()
})

it('leaves a suspended component to the browser, with the digest that Next.js recognizes', async () => {
  const Price = () => <output>{useSuspenseWire(() => fromEventSource('/price'), { key: 'price' }).data}</output>
  const page = (
    <Suspense fallback="…">
      <Price />
    </Suspense>
  )
  const digests: unknown[] = []
  // Next.js passes the digest of the error on.
  const onError = (error: unknown) => {
    const { digest } = error as { digest?: string }
    digests.push(digest)
    return digest
  }
  const html = await text(renderToPipeableStream(page, { onError }).pipe(new PassThrough()))
  expect(html).toContain('…')
  expect(digests).toEqual(['BAILOUT_TO_CLIENT_SIDE_RENDERING'])
})
