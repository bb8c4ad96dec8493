// Code that uses the packed library. packed.test.ts compiles it and never runs it.
import { QueryClient } from '@tanstack/query-core'
import {
  createOutbox,
  fromEventSource,
  fromWebSocket,
  isWireError,
  json,
  messages,
  tus,
  type Wire,
  wireStore,
} from 'rxwire'
import { liveQueryOptions } from 'rxwire/query'
import { useFetch, WireProvider } from 'rxwire/query/react'
import { useEventSource, useSuspenseWire, useUpload, useWebSocket } from 'rxwire/react'
import { memoryLogs, serveLog } from 'rxwire/server'
import { fakeNetwork, recordWire, type WireMatchers, wireMatchers } from 'rxwire/testing'

interface Tick {
  readonly price: number
}

export const ticks: Wire<Tick> = fromEventSource('/ticks', { decode: json<Tick>() })
export const store = wireStore(ticks, { keep: 10 })
export const outbox = createOutbox<{ say: string }>()
export const chat = fromWebSocket('/chat', { decode: (text) => String(text), outgoing: outbox })
export const options = liveQueryOptions({ queryKey: ['ticks'], wire: () => ticks, keep: 10 })

export const GET = serveLog(memoryLogs({ maxItems: 10 }).open<Tick>('ticks'), { start: 'earliest' })

export const net = fakeNetwork({ seed: 1 })
export const feed = net.log('/ticks', { format: 'ndjson' })
export const seen = recordWire(ticks)
export const matchers: Readonly<Record<keyof WireMatchers, unknown>> = wireMatchers
net.route('POST', '/chat', async function* (request, { wait }) {
  yield await request.text()
  await wait(1_000)
})
feed.answer(503, { retryAfter: 10, times: 2 })

chat.pipe(messages()).subscribe({
  next: (line: string) => console.info(line.length),
  error: (error: unknown) => isWireError(error) && console.info(error.kind),
})

export function Page() {
  const { data: price } = useEventSource('/ticks', {
    decode: (text): Tick => JSON.parse(text),
    initial: 0,
    fold: (_, tick) => tick.price,
    select: (price) => price.toFixed(2),
  })
  const { data: lines, send } = useWebSocket('/chat', { decode: json<string>(), encode: json<string>(), keep: 100 })
  const { data: me } = useFetch('/me', { decode: json<{ name: string }>() })
  const { data: first } = useSuspenseWire(ticks, { key: 'ticks' })
  const { start } = useUpload('/files', { protocol: tus() })
  return (
    <WireProvider client={new QueryClient()}>
      <input type="file" onChange={({ target }) => start(target.files ?? [])} />
      <button type="button" onClick={() => send('hello')}>
        {price} {lines.length} {me?.name} {first.price}
      </button>
    </WireProvider>
  )
}
