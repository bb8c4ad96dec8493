import { createOutbox, fromWebSocket, type Outbox, pingPong, type SocketHeartbeat, type WebSocketLike } from 'rxwire'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { turn } from '../../support/fates.ts'
import { HandMadeLink } from '../../support/hand-made-link.ts'
import { virtualTime } from '../../support/virtual-time.ts'

virtualTime()

/** A socket that opens synchronously when the test calls `open`. The contract tests cover real servers. */
class HandMadeSocket {
  readonly url = 'ws://localhost/'
  readonly protocol = ''
  readonly OPEN = 1
  readyState = 0
  bufferedAmount = 0
  binaryType = 'blob'
  onopen: (() => void) | null = null
  onmessage: unknown = null
  onerror: unknown = null
  onclose: unknown = null
  readonly sent: unknown[] = []

  open(): void {
    this.readyState = this.OPEN
    this.onopen?.()
  }

  send(frame: unknown): void {
    this.sent.push(frame)
  }

  close(): void {
    this.readyState = 2
  }
}

async function connect(options: { outgoing?: Outbox<string, unknown>; heartbeat?: SocketHeartbeat }) {
  const sockets: HandMadeSocket[] = []
  class Socket extends HandMadeSocket {
    constructor() {
      super()
      sockets.push(this)
    }
  }
  const errors: unknown[] = []
  const subscription = fromWebSocket('ws://localhost/', {
    ...options,
    decode: (data) => data,
    reconnect: false,
    WebSocket: Socket as unknown as new () => WebSocketLike,
  }).subscribe({ error: (error) => errors.push(error) })
  onTestFinished(() => subscription.unsubscribe())
  await turn()
  const [socket] = sockets
  if (socket === undefined) throw new Error('no socket was created')
  return { socket, subscription, errors }
}

describe('SocketSession', () => {
  it('detaches from the outbox if the subscriber unsubscribes while it attaches', async () => {
    const outbox = createOutbox<string>()
    const { socket, subscription } = await connect({ outgoing: outbox })
    let hasJoined = false
    outbox.counts.subscribe(() => {
      if (hasJoined) subscription.unsubscribe()
      hasJoined = true
    })
    socket.open()
    await turn()
    const next = new HandMadeLink<string>()
    outbox.attach(next)
    outbox.send('a')
    expect(next.written).toEqual(['a'])
  })

  it('fails the wire, not the timer, with the error that ping throws', async () => {
    const bug = new RangeError('a bug of mine')
    const ping = () => {
      throw bug
    }
    const { socket, errors } = await connect({ heartbeat: pingPong({ ping, everyMs: 1_000 }) })
    socket.open()
    await turn()
    expect(() => vi.advanceTimersByTime(1_000)).not.toThrow()
    expect(errors).toEqual([expect.objectContaining({ kind: 'network', cause: bug })])
    expect(vi.getTimerCount()).toBe(0)
  })
})
