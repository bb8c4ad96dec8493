import { useWebSocket as useAhooksWebSocket } from 'ahooks'
import { useWebSocket as usePartyWebSocket } from 'partysocket/react'
import { type FunctionComponent, useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { useWebSocket as useReactUseWebSocket } from 'react-use-websocket/dist/lib/use-websocket.js'

import { webSocket } from 'rxjs/webSocket'
import { useWebSocket } from 'rxwire/react'
import { type Frames, watchFrames } from './frames.ts'
import { offer } from './perform.ts'
import { ReconnectingWebSocket } from './reconnecting-web-socket.ts'

export interface Order {
  readonly who: string
  readonly url: string
  /** How many numbers the server sends, from 1 on. */
  readonly messages: number
}

export interface Outcome extends Frames {
  /** How many messages the component received, one by one or folded into its state. */
  readonly delivered: number
  readonly isInOrder: boolean
  readonly wallMs: number
}

/** Sums up the messages that a component has received. */
interface Seen {
  readonly count: number
  readonly last: string
  readonly isInOrder: boolean
}

const NOTHING: Seen = { count: 0, last: '0', isInOrder: true }

function see(seen: Seen, text: string): Seen {
  return { count: seen.count + 1, last: text, isInOrder: seen.isInOrder && Number(text) > Number(seen.last) }
}

type Contender = FunctionComponent<{ readonly url: string; readonly onShown: (seen: Seen) => void }>

/** A component that folds all messages into its state. */
function folding(useSeen: (url: string) => Seen): Contender {
  return function Folding({ url, onShown }) {
    const seen = useSeen(url)
    useEffect(() => onShown(seen), [seen])
    return (
      <output>
        {seen.count} {seen.last}
      </output>
    )
  }
}

/** A component that is given the last message, and processes it in an effect. */
function latest(useText: (url: string) => string | undefined): Contender {
  return function Latest({ url, onShown }) {
    const text = useText(url)
    const seen = useRef(NOTHING)
    useEffect(() => {
      if (text === undefined) return
      seen.current = see(seen.current, text)
      onShown(seen.current)
    }, [text])
    return <output>{text}</output>
  }
}

/** A component that opens a connection in an effect, and sets its state for each message. */
function setting(open: (url: string, onText: (text: string) => void) => () => void): Contender {
  return folding((url) => {
    const [seen, setSeen] = useState(NOTHING)
    useEffect(() => open(url, (text) => setSeen((seen) => see(seen, text))), [url])
    return seen
  })
}

const contenders: Readonly<Record<string, Contender>> = {
  rxwire: folding((url) => useWebSocket(url, { decode: String, initial: NOTHING, fold: see }).data),
  'react-use-websocket': latest((url) => useReactUseWebSocket(url).lastMessage?.data),
  ahooks: latest((url) => useAhooksWebSocket(url).latestMessage?.data),
  partysocket: folding((url) => {
    const [seen, setSeen] = useState(NOTHING)
    usePartyWebSocket(url, [], { onMessage: ({ data }) => setSeen((seen) => see(seen, data)) })
    return seen
  }),
  'reconnecting-websocket': setting((url, onText) => {
    const socket = new ReconnectingWebSocket(url)
    socket.addEventListener('message', ({ data }) => onText(data))
    return () => socket.close()
  }),
  rxjs: setting((url, onText) => {
    const subscription = webSocket<string>({ url, deserializer: ({ data }) => data }).subscribe(onText)
    return () => subscription.unsubscribe()
  }),
  'raw WebSocket': setting((url, onText) => {
    const socket = new WebSocket(url)
    socket.onmessage = ({ data }) => onText(data)
    return () => socket.close()
  }),
}

/** A bare socket. Measures what the same messages cost the browser without a library. */
function listenBare(url: string, onSeen: (seen: Seen) => void): void {
  let seen = NOTHING
  new WebSocket(url).onmessage = ({ data }) => {
    seen = see(seen, data)
    onSeen(seen)
  }
}

offer<Order, Outcome>(async ({ who, url, messages }) => {
  const Component = contenders[who]
  const read = watchFrames()
  const startedAtMs = performance.now()
  const last = await new Promise<Seen>((resolve) => {
    const onSeen = (seen: Seen) => {
      if (seen.last === String(messages)) resolve(seen)
    }
    if (Component === undefined) listenBare(url, onSeen)
    else createRoot(document.querySelector('main') ?? document.body).render(<Component url={url} onShown={onSeen} />)
  })
  return { ...read(), delivered: last.count, isInOrder: last.isInOrder, wallMs: performance.now() - startedAtMs }
})
