// Code that uses the packed library. packed.test.ts compiles it and never runs it.
import { QueryClient } from '@tanstack/query-core'
import { createOutbox, fromEventSource, fromWebSocket, isWireError, messages, tus, type Wire, wireStore } from 'rxwire'
import { liveQueryOptions } from 'rxwire/query'
import { useEventSource, useFetch, useSuspenseWire, useUpload, useWebSocket, WireProvider } from 'rxwire/react'

interface Tick {
  readonly price: number
}

export const ticks: Wire<Tick> = fromEventSource<Tick>('/ticks', { decode: JSON.parse })
export const store = wireStore(ticks, { keep: 10 })
export const outbox = createOutbox<{ say: string }>()
export const chat = fromWebSocket('/chat', { decode: (text) => String(text), outgoing: outbox })
export const options = liveQueryOptions({ queryKey: ['ticks'], wire: () => ticks, keep: 10 })

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
  const { data: lines, send } = useWebSocket<string, string>('/chat', { decode: String, keep: 100 })
  const { data: me } = useFetch<{ name: string }>('/me')
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
