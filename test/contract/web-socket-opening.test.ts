import { type AttemptContext, createOutbox, fromWebSocket, pingPong, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { firstCause, receivedBy, waitings } from './web-sockets.ts'

describe('fromWebSocket with subprotocols', () => {
  it('reports the chosen subprotocol in `open`', async () => {
    const url = backend().url('/ws/protocol', { choose: 'v2' })
    const session = record(fromWebSocket(url, { protocols: ['v1', 'v2'], reconnect: quick }))
    await session.until('message')
    expect(session.events.find(({ type }) => type === 'open')).toEqual({ type: 'open', protocol: 'v2' })
    expect(session.data()).toEqual(['v2'])
  })

  it('accepts a single subprotocol', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/protocol'), { protocols: 'v1', reconnect: quick }))
    await session.until('message')
    expect(session.events).toContainEqual({ type: 'open', protocol: 'v1' })
    expect((await server.stats()).seen.map(({ protocols }) => protocols)).toEqual(['v1'])
  })

  it('offers and reports no subprotocol by default', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/protocol'), { reconnect: quick }))
    await session.until('message')
    expect(session.events).toContainEqual({ type: 'open' })
    expect((await server.stats()).seen.map(({ protocols }) => protocols)).toEqual([undefined])
  })

  it('calls the protocols function for each attempt', async () => {
    const server = backend()
    const protocols = async ({ attempt }: AttemptContext) => ['v1', `token-${attempt}`]
    const session = record(
      fromWebSocket(server.url('/ws/closes', { code: 1006, times: 2 }), { protocols, reconnect: quick }),
    )
    expect(await session.ended()).toBe('complete')
    const offered = (await server.stats()).seen.map((request) => request.protocols?.split(/, ?/))
    expect(offered).toEqual([0, 1, 2].map((attempt) => ['v1', `token-${attempt}`]))
  })

  const choices = { none: ['v1'], other: ['v1'], unasked: undefined }
  for (const [choose, protocols] of Object.entries(choices)) {
    const because = choose === 'unasked' ? unable('report a subprotocol that was not requested') : ''
    const what = choose === 'none' ? 'none' : 'one that was not offered'
    it.skipIf(because !== '')(`retries when the server chooses ${what} (${choose})${because}`, async () => {
      const url = backend().url('/ws/protocol', { choose })
      const session = record(fromWebSocket(url, { protocols, reconnect: { ...quick, maxRetries: 1 } }))
      expect(await session.ended()).toMatchObject({ kind: 'network', retryable: true })
      expect(session.types()).toEqual(['connecting', 'waiting', 'connecting'])
      expect(firstCause(session)).toMatchObject({ kind: 'network', retryable: true })
      expect((firstCause(session) as WireError).message).toMatch(/\/ws\/protocol .*subprotocols/)
    })
  }

  it('retries on a host that opens the socket without a chosen subprotocol', async () => {
    // Firefox and WebKit behave like this when the server chooses none.
    const Careless = class extends WebSocket {
      constructor(url: string | URL) {
        super(url)
      }
    }
    const options = { protocols: ['v1'], WebSocket: Careless, reconnect: { ...quick, maxRetries: 1 } }
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/protocol'), options))
    expect(await session.ended()).toMatchObject({ kind: 'network', retryable: true })
    expect(session.types()).toEqual(['connecting', 'waiting', 'connecting'])
    await server.expectNoConnections()
  })

  it('fails without a retry when the protocols function returns an invalid subprotocol', async () => {
    const session = record(fromWebSocket(backend().url('/ws/protocol'), { protocols: () => ['not a token'] }))
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'network', retryable: false })
    expect((error as WireError).message).toBe('protocols must be unique tokens')
  })
})

describe('fromWebSocket with a url function', () => {
  it('calls it for each attempt and counts its error as a failed attempt', async () => {
    const server = backend()
    const url = async ({ attempt }: AttemptContext) => {
      if (attempt === 0) throw new Error('the token endpoint is down')
      return server.url('/ws/protocol', { attempt })
    }
    const session = record(fromWebSocket(url, { reconnect: quick }))
    await session.until('message')
    const message = expect.stringContaining('the token endpoint is down')
    expect(firstCause(session)).toMatchObject({ kind: 'network', retryable: true, message })
    expect((await server.stats()).seen.map((request) => request.url)).toEqual([expect.stringContaining('attempt=1')])
  })
})

describe('fromWebSocket with sendOnOpen', () => {
  it('sends its frames before the outbox on each connection', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const outbox = createOutbox<string>()
    void outbox.send('queued 1')
    void outbox.send('queued 2')
    const sendOnOpen = ({ attempt }: AttemptContext) => [`hello ${attempt}`, 'it is me']
    const session = record(fromWebSocket(proxy.url('/ws/held'), { outgoing: outbox, sendOnOpen, reconnect: quick }))
    await receivedBy(server, 4)
    await proxy.order({ passage: 'refusing', cut: true })
    await session.until('waiting')
    void outbox.send('queued 3')
    await proxy.order({ passage: 'open' })
    const received = await receivedBy(server, 7)
    expect(received.slice(0, 4)).toEqual(['hello 0', 'it is me', 'queued 1', 'queued 2'])
    expect(received.slice(4)).toEqual([expect.stringMatching(/^hello [1-9]/), 'it is me', 'queued 3'])
  })

  it('passes the attempt, the cursor and the cause to it', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const contexts: AttemptContext[] = []
    const session = record(
      fromWebSocket(proxy.url('/ws/feed', { count: 60, everyMs: 5 }), {
        decode: String,
        idOf: (message) => message,
        sendOnOpen: (context) => {
          contexts.push(context)
          return [JSON.stringify({ after: context.cursor ?? '' })]
        },
        reconnect: quick,
      }),
    )
    await session.until('message', 10)
    await proxy.order({ cut: true })
    expect(await session.ended()).toBe('complete')
    const before = session.events
      .slice(0, session.types().indexOf('waiting'))
      .findLast(({ type }) => type === 'message')
    expect(contexts).toEqual([
      { attempt: 0, cursor: undefined, cause: undefined },
      { attempt: 1, cursor: before?.type === 'message' ? before.id : 'none', cause: firstCause(session) },
    ])
  })

  it('sends nothing from the outbox before it has resolved', async () => {
    const server = backend()
    const outbox = createOutbox<string>()
    let resolve = (_: string[]) => {}
    const sendOnOpen = () => new Promise<string[]>((done) => (resolve = done))
    const session = record(fromWebSocket(server.url('/ws/held'), { outgoing: outbox, sendOnOpen, reconnect: quick }))
    void outbox.send('queued before')
    await session.until('open')
    void outbox.send('queued after')
    // After several round trips, any premature message would have arrived.
    for (let asked = 0; asked < 5; asked += 1) expect((await server.stats()).received).toEqual([])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, sent: 0 })
    resolve(['hello'])
    expect(await receivedBy(server, 3)).toEqual(['hello', 'queued before', 'queued after'])
  })

  it('sends no ping before its frames', async () => {
    const server = backend()
    const sendOnOpen = () => new Promise<string[]>((resolve) => setTimeout(() => resolve(['hello']), 200))
    const heartbeat = pingPong({ ping: () => 'ping', everyMs: 20, timeoutMs: 10_000 })
    record(fromWebSocket(server.url('/ws/held'), { sendOnOpen, heartbeat, reconnect: quick }))
    expect((await receivedBy(server, 2)).slice(0, 2)).toEqual(['hello', 'ping'])
  })

  const failures: Record<string, () => string[] | Promise<string[]>> = {
    throws: () => {
      throw new Error('the token endpoint is down')
    },
    rejects: () => Promise.reject(new Error('the token endpoint is down')),
    'throws as it is iterated': (): never => {
      const frames = function* () {
        yield 'hello'
        throw new Error('the token endpoint is down')
      }
      return frames() as never
    },
  }
  for (const [how, fail] of Object.entries(failures)) {
    it(`reports its message when it ${how} and calls it again on the next attempt`, async () => {
      const server = backend()
      const sendOnOpen = ({ attempt }: AttemptContext) => (attempt === 0 ? fail() : ['here I am'])
      const session = record(fromWebSocket(server.url('/ws/held'), { sendOnOpen, reconnect: quick }))
      await session.until('open', 2)
      const cause = firstCause(session)
      expect(cause).toBeInstanceOf(WireError)
      expect(cause).toMatchObject({ retryable: true, message: expect.stringContaining('the token endpoint is down') })
      await expect.poll(async () => (await server.stats()).received.at(-1)).toBe('here I am')
      // The first connection is closed.
      expect((await server.stats()).open).toBe(1)
    })
  }

  it('fails with the WireError that it throws', async () => {
    const sendOnOpen = () => {
      throw new WireError('auth', 'the user is not logged in')
    }
    const session = record(fromWebSocket(backend().url('/ws/held'), { sendOnOpen, reconnect: false }))
    expect(await session.ended()).toMatchObject({ kind: 'auth', message: 'the user is not logged in' })
    expect(waitings(session)).toEqual([])
  })

  it('sends nothing when the subscriber unsubscribes while it runs', async () => {
    const server = backend()
    let resolve = (_: string[]) => {}
    const sendOnOpen = () => new Promise<string[]>((done) => (resolve = done))
    const session = record(fromWebSocket(server.url('/ws/held'), { sendOnOpen, reconnect: quick }))
    await session.until('open')
    session.stop()
    resolve(['hello'])
    await server.expectNoConnections()
    expect((await server.stats()).received).toEqual([])
  })
})
