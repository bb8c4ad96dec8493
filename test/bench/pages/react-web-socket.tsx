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
  /** How many numbers will come, from 1 on. */
  readonly messages: number
}

export interface Outcome extends Frames {
  /** How many messages the component was able to see, each in its turn or folded into what it shows. */
  readonly delivered: number
  readonly isInOrder: boolean
  readonly wallMs: number
}

/** What a component knows of all messages. */
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

/** A component whose state is made of all messages. */
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

/** A component that is given the last message, and does what is to be done with each in an effect. */
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

/** A component that sets its state for each message of something that it holds. */
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

/** A socket and nothing else: what a browser takes for as many messages, whoever is to get them. */
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
