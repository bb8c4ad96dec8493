import { type FunctionComponent, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { useWebSocket as useReactUseWebSocket } from 'react-use-websocket/dist/lib/use-websocket.js'
import { useEventSource, useWebSocket } from 'rxwire/react'
import { offer } from './perform.ts'

export interface Order {
  readonly who: string
  readonly url: string
  readonly components: number
}

export interface Outcome {
  /** From the first render to the last effect. */
  readonly mountedMs: number
}

/** Reads the last message of one shared connection. */
const contenders: Readonly<Record<string, (url: string) => unknown>> = {
  useWebSocket: (url) => useWebSocket(url, { key: 'mounting', decode: String }).data,
  useEventSource: (url) => useEventSource(url.replace('ws', 'http'), { key: 'mounting' }).data,
  'react-use-websocket': (url) => useReactUseWebSocket(url, { share: true }).lastMessage?.data,
  'no hook': () => undefined,
}

offer<Order, Outcome>(async ({ who, url, components }) => {
  const useLast = contenders[who]
  if (useLast === undefined) throw new Error(`Unknown contender: ${who}`)
  const startedAtMs = performance.now()
  await new Promise<void>((resolve) => {
    const Row: FunctionComponent<{ readonly row: number }> = ({ row }) => {
      const last = useLast(url)
      useEffect(() => {
        if (row === components - 1) resolve()
      }, [row])
      return <output>{String(last)}</output>
    }
    createRoot(document.querySelector('main') ?? document.body).render(
      [...Array(components).keys()].map((row) => <Row key={row} row={row} />),
    )
  })
  return { mountedMs: performance.now() - startedAtMs }
})
