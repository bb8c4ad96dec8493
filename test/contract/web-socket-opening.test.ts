import { type AttemptContext, createOutbox, fromWebSocket, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { firstCause, receivedBy, waitings } from './web-sockets.ts'

describe('fromWebSocket with subprotocols', () => {
  it('tells in `open` which one was chosen', async () => {
    const url = backend().url('/ws/protocol', { choose: 'v2' })
    const session = record(fromWebSocket(url, { protocols: ['v1', 'v2'], reconnect: quick }))
    await session.until('message')
    expect(session.events.find(({ type }) => type === 'open')).toEqual({ type: 'open', protocol: 'v2' })
    expect(session.data()).toEqual(['v2'])
  })

  it('takes one alone', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/protocol'), { protocols: 'v1', reconnect: quick }))
    await session.until('message')
    expect(session.events).toContainEqual({ type: 'open', protocol: 'v1' })
    expect((await server.stats()).seen.map(({ protocols }) => protocols)).toEqual(['v1'])
  })

  it('offers none and names none where none are given', async () => {
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/protocol'), { reconnect: quick }))
    await session.until('message')
    expect(session.events).toContainEqual({ type: 'open' })
    expect((await server.stats()).seen.map(({ protocols }) => protocols)).toEqual([undefined])
  })

  it('asks its provider anew for each attempt', async () => {
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
    const because = choose === 'unasked' ? unable('see a subprotocol that nobody asked for') : ''
    const what = choose === 'none' ? 'none' : 'one that was not offered'
    it.skipIf(because !== '')(`waits when the server chooses ${what} (${choose})${because}`, async () => {
      const url = backend().url('/ws/protocol', { choose })
      const session = record(fromWebSocket(url, { protocols, reconnect: { ...quick, maxRetries: 1 } }))
      expect(await session.ended()).toMatchObject({ kind: 'network', retryable: true })
      expect(session.types()).toEqual(['connecting', 'waiting', 'connecting'])
      expect(firstCause(session)).toMatchObject({ kind: 'network', retryable: true })
      expect((firstCause(session) as WireError).message).toMatch(/\/ws\/protocol .*subprotocols/)
    })
  }

  it('waits also on a host that opens without one of them', async () => {
    // As Firefox and WebKit do where the server chooses none.
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

  it('fails at once when the provider names what is no subprotocol', async () => {
    const session = record(fromWebSocket(backend().url('/ws/protocol'), { protocols: () => ['not a token'] }))
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'network', retryable: false })
    expect((error as WireError).message).toMatch(/^url or protocols is of no use/)
  })
})

describe('fromWebSocket with a function for its url', () => {
  it('asks it anew for each attempt, and takes its failure for a failed attempt', async () => {
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
  it('sends its frames before anything that waits in the outbox, on each connection', async () => {
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

  it('tells it the attempt, the cursor and the cause', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const contexts: AttemptContext[] = []
    const session = record(
      fromWebSocket<string>(proxy.url('/ws/feed', { count: 60, everyMs: 5 }), {
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

  it('lets nothing of the outbox go before it has resolved', async () => {
    const server = backend()
    const outbox = createOutbox<string>()
    let resolve = (_: string[]) => {}
    const sendOnOpen = () => new Promise<string[]>((done) => (resolve = done))
    const session = record(fromWebSocket(server.url('/ws/held'), { outgoing: outbox, sendOnOpen, reconnect: quick }))
    void outbox.send('queued before')
    await session.until('open')
    void outbox.send('queued after')
    // A few times there and back: whatever was going to be sent has been.
    for (let asked = 0; asked < 5; asked += 1) expect((await server.stats()).received).toEqual([])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, sent: 0 })
    resolve(['hello'])
    expect(await receivedBy(server, 3)).toEqual(['hello', 'queued before', 'queued after'])
  })

  it('sends no ping before its frames', async () => {
    const server = backend()
    const sendOnOpen = () => new Promise<string[]>((resolve) => setTimeout(() => resolve(['hello']), 200))
    const heartbeat = { ping: () => 'ping', everyMs: 20, timeoutMs: 10_000 }
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
    it(`waits with its message when it ${how}, and asks it again`, async () => {
      const server = backend()
      const sendOnOpen = ({ attempt }: AttemptContext) => (attempt === 0 ? fail() : ['here I am'])
      const session = record(fromWebSocket(server.url('/ws/held'), { sendOnOpen, reconnect: quick }))
      await session.until('open', 2)
      const cause = firstCause(session)
      expect(cause).toBeInstanceOf(WireError)
      expect(cause).toMatchObject({ retryable: true, message: expect.stringContaining('the token endpoint is down') })
      await expect.poll(async () => (await server.stats()).received.at(-1)).toBe('here I am')
      // The connection that it failed on is not left behind.
      expect((await server.stats()).open).toBe(1)
    })
  }

  it('fails with what it throws if that is a WireError that says so', async () => {
    const sendOnOpen = () => {
      throw new WireError('auth', 'nobody is logged in')
    }
    const session = record(fromWebSocket(backend().url('/ws/held'), { sendOnOpen, reconnect: false }))
    expect(await session.ended()).toMatchObject({ kind: 'auth', message: 'nobody is logged in' })
    expect(waitings(session)).toEqual([])
  })

  it('sends nothing for a subscriber that leaves while it is asked', async () => {
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
