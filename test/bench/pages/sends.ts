import { WebSocket as PartyWebSocket } from 'partysocket'
import { webSocket } from 'rxjs/webSocket'
import { createOutbox, fromWebSocket, messages } from 'rxwire'
import { offer } from './perform.ts'
import { ReconnectingWebSocket } from './reconnecting-web-socket.ts'

export interface Order {
  readonly who: string
  readonly url: string
  readonly messages: number
  readonly messageBytes: number
}

export interface Outcome {
  /** The result that the server reports at the end. */
  readonly answer: string
  readonly wallMs: number
  /** The highest `bufferedAmount` of the socket. */
  readonly peakBytes: number
}

interface Sending {
  readonly order: Order
  /** Creates the messages lazily. */
  frames(): Iterable<Uint8Array<ArrayBuffer>>
  onAnswer(answer: string): void
}

let peakBytes = 0

/** The socket of all contenders. Its buffer is fullest right after a send. */
class WatchedSocket extends WebSocket {
  override send(data: string | BufferSource | Blob): void {
    super.send(data)
    peakBytes = Math.max(peakBytes, this.bufferedAmount)
  }
}
globalThis.WebSocket = WatchedSocket

/** Sends all messages in a loop when the socket opens. */
function sendAll(socket: WebSocket | ReconnectingWebSocket | PartyWebSocket, { frames, onAnswer }: Sending): void {
  socket.onopen = () => {
    for (const frame of frames()) socket.send(frame)
  }
  socket.onmessage = ({ data }) => onAnswer(data)
}

const contenders: Readonly<Record<string, (sending: Sending) => void>> = {
  rxwire: ({ order: { url }, frames, onAnswer }) => {
    const outbox = createOutbox<Uint8Array<ArrayBuffer>, string>()
    fromWebSocket(url, { outgoing: outbox, decode: String }).pipe(messages()).subscribe(onAnswer)
    void outbox.feed(pulled(frames()))
  },
  'raw WebSocket': (sending) => sendAll(new WebSocket(sending.order.url), sending),
  partysocket: (sending) => sendAll(new PartyWebSocket(sending.order.url), sending),
  'reconnecting-websocket': (sending) => sendAll(new ReconnectingWebSocket(sending.order.url), sending),
  rxjs: ({ order: { url }, frames, onAnswer }) => {
    const subject = webSocket<string | Uint8Array<ArrayBuffer>>({
      url,
      serializer: (frame) => frame,
      deserializer: ({ data }) => data,
      openObserver: {
        next: () => {
          for (const frame of frames()) subject.next(frame)
        },
      },
    })
    subject.subscribe((answer) => onAnswer(String(answer)))
  },
}

offer<Order, Outcome>(async (order) => {
  const start = contenders[order.who]
  if (start === undefined) throw new Error(`Unknown contender: ${order.who}`)
  const startedAtMs = performance.now()
  const answer = await new Promise<string>((onAnswer) => start({ order, frames: () => numbered(order), onAnswer }))
  return { answer, wallMs: performance.now() - startedAtMs, peakBytes }
})

/** Each message starts with its number, so that the server can check the order. */
function* numbered({ messages, messageBytes }: Order): Generator<Uint8Array<ArrayBuffer>> {
  for (let n = 0; n < messages; n += 1) {
    const frame = new Uint8Array(messageBytes)
    new DataView(frame.buffer).setUint32(0, n)
    yield frame
  }
}

async function* pulled<T>(source: Iterable<T>): AsyncGenerator<T> {
  yield* source
}
