import { merge } from 'rxjs'
import {
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  json,
  reconnect,
  type Wire,
  WireMemory,
  type WireStore,
  wireStore,
  withMemory,
} from 'rxwire'
import { describe, expect, it } from 'vitest'
import { record } from '../record.ts'
import { FRAME_MS, storesForEachTest } from './support/stores.ts'

const { net, listen } = storesForEachTest({ page: false })

const order = () => fromFetch('/orders', { method: 'POST', json: { item: 1 } })

/** A server that takes orders, and counts them. */
function orders(respond: () => unknown = () => ({ ok: true })) {
  return net.route('POST', '/orders', respond)
}

function stateOf(store: WireStore<unknown>) {
  return store.getSnapshot()
}

describe('[law] 13: where to resume', () => {
  it('resumes a plain wire after its last listener has left', async () => {
    const feed = net.log('/feed')
    const store = wireStore(fromEventSource('/feed'), { keep: 10 })
    const leave = listen(store)
    feed.send('a')
    feed.send('b')
    await net.advance(FRAME_MS)
    leave()
    await net.advance(FRAME_MS)
    feed.send('c')
    listen(store)
    await net.advance(FRAME_MS)
    expect(stateOf(store).data).toEqual(['a', 'b', 'c'])
    expect(feed.attempts.map(({ cursor }) => cursor)).toEqual([undefined, '2'])
  })

  it('resumes a plain wire from a dehydrated cursor', async () => {
    const feed = net.log('/feed')
    feed.send('a')
    feed.send('b')
    const store = wireStore(fromEventSource('/feed'), { keep: 10, dehydrated: { data: ['a'], cursor: '1' } })
    listen(store)
    await net.advance(FRAME_MS)
    expect(stateOf(store).data).toEqual(['a', 'b'])
  })

  it('resumes a wire below the operator reconnect from a dehydrated cursor', async () => {
    const feed = net.log('/feed')
    feed.send('a')
    feed.send('b')
    const dehydrated = { data: ['a'], cursor: '1' }
    const store = wireStore(fromEventSource('/feed').pipe(reconnect()), { keep: 10, dehydrated })
    listen(store)
    await net.advance(FRAME_MS)
    expect(stateOf(store).data).toEqual(['a', 'b'])
  })

  it('resumes each of several merged wires at its own cursor', async () => {
    const left = net.log('/left')
    const right = net.log('/right')
    const store = wireStore(merge(fromEventSource('/left'), fromEventSource('/right')), { keep: 10 })
    listen(store)
    for (const each of ['l1', 'l2', 'l3']) left.send(each)
    right.send('r1')
    await net.advance(FRAME_MS)
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(left.attempts.at(-1)?.cursor).toBe('3')
    expect(right.attempts.at(-1)?.cursor).toBe('1')
    expect(stateOf(store).data).toHaveLength(4)
  })

  it('resumes a long poll on reconnect', async () => {
    const feed = net.log('/feed')
    const store = wireStore(fromLongPoll('/feed', { decode: json<string>(), messages: (body) => body as string[] }), {
      keep: 10,
    })
    listen(store)
    feed.send('a')
    await net.advance(FRAME_MS)
    store.stop()
    feed.send('b')
    store.reconnect()
    await net.advance(1_000)
    expect(stateOf(store).data).toEqual(['a', 'b'])
  })

  it('resumes with the operator withMemory, and starts over without it', async () => {
    const feed = net.log('/feed')
    for (const each of ['a', 'b']) feed.send(each)
    const wire = fromEventSource('/feed')
    const memory = new WireMemory()
    for (const each of [wire, wire, wire.pipe(withMemory(memory)), wire.pipe(withMemory(memory))]) {
      const subscription = each.subscribe()
      await net.advance(FRAME_MS)
      subscription.unsubscribe()
    }
    expect(feed.attempts.map(({ cursor }) => cursor)).toEqual([undefined, undefined, undefined, '2'])
  })

  it('does not resume after a message that the fold could not process, and names its id', async () => {
    const feed = net.log('/feed')
    let isBroken = true
    const fold = (all: readonly string[], each: string) => {
      if (each === 'b' && isBroken) throw new Error('no')
      return [...all, each]
    }
    const store = wireStore(fromEventSource('/feed'), { initial: [] as readonly string[], fold })
    listen(store)
    for (const each of ['a', 'b', 'c']) feed.send(each)
    await net.advance(FRAME_MS)
    expect(stateOf(store)).toMatchObject({ connection: 'failed', data: ['a'], error: { messageId: '2' } })
    isBroken = false
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(stateOf(store).data).toEqual(['a', 'b', 'c'])
  })
})

describe('[law] 13: requests that are not safe to repeat', () => {
  it('sends an order once, over all listeners of a store', async () => {
    const { requests } = orders()
    const store = wireStore(order())
    const leave = listen(store)
    await net.advance(FRAME_MS)
    expect(stateOf(store)).toMatchObject({ connection: 'closed', data: { ok: true } })
    leave()
    await net.advance(FRAME_MS)
    store.reconnect()
    listen(store)
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(1)
    expect(stateOf(store)).toMatchObject({
      connection: 'failed',
      data: { ok: true },
      error: { kind: 'unrepeatable', retryable: false },
    })
    expect(stateOf(store).error?.message).toMatch(/^POST http:\/\/\S+\/orders was sent before/)
  })

  it('does not send an order again whose response was lost', async () => {
    const { requests } = orders(() => Response.error())
    const store = wireStore(order)
    listen(store)
    await net.advance(FRAME_MS)
    expect(stateOf(store).error?.kind).toBe('network')
    const failure = store.load().catch((error: unknown) => error)
    await net.advance(FRAME_MS)
    expect(await failure).toMatchObject({ kind: 'unrepeatable' })
    expect(requests).toHaveLength(1)
  })

  it('sends it again with repeat: true, each time', async () => {
    const { requests } = orders()
    const store = wireStore(order())
    listen(store)
    await net.advance(FRAME_MS)
    store.reconnect({ repeat: true })
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(2)
    expect(stateOf(store).connection).toBe('closed')
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(2)
  })

  it('does not take the repeat of a held key for the option', async () => {
    const { requests } = orders()
    const store = wireStore(order())
    listen(store)
    await net.advance(FRAME_MS)
    store.reconnect({ repeat: true, isTrusted: true } as { isTrusted: boolean })
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(1)
  })

  it.each<[string, Wire<unknown>]>([
    ['with an idempotency key', fromFetch('/orders', { method: 'POST', json: 1, idempotencyKey: 'k' })],
    ['with a safe method', fromFetch('/orders', { method: 'PUT', json: 1 })],
  ])('sends a request again %s', async (_, wire) => {
    const { requests } = net.route('*', '/orders', () => ({}))
    const store = wireStore(wire)
    listen(store)
    await net.advance(FRAME_MS)
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(2)
  })

  it('sends it later if it was stopped before it was sent', async () => {
    const { requests } = orders()
    let isReady = (_: string) => {}
    const token = new Promise<string>((resolve) => {
      isReady = resolve
    })
    const headers = async () => ({ authorization: await token })
    const store = wireStore(fromFetch('/orders', { method: 'POST', json: 1, headers }))
    listen(store)
    store.stop()
    isReady('t')
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(0)
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(1)
    expect(stateOf(store).connection).toBe('closed')
  })

  it('resumes a stream with resume: true where it has an id, and fails where it has none', async () => {
    let id = 'id: 1\n'
    const { requests } = net.route('POST', '/orders', () => `${id}data: a\n\n`, { contentType: 'text/event-stream' })
    const wire = () =>
      fromEventSource('/orders', { method: 'POST', json: 1, resume: true, reconnect: { maxRetries: 0 } })
    const positioned = wireStore(wire)
    listen(positioned)
    await net.advance(FRAME_MS)
    positioned.reconnect()
    await net.advance(FRAME_MS)
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1'])

    id = ''
    const unpositioned = wireStore(wire)
    listen(unpositioned)
    await net.advance(FRAME_MS)
    unpositioned.reconnect()
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(3)
    expect(stateOf(unpositioned).error?.kind).toBe('unrepeatable')
  })

  it('does not resubscribe to a sent request by the operator reconnect', async () => {
    const { requests } = orders(() => Response.error())
    const session = record(order().pipe(reconnect({ shouldRetry: () => true, maxRetries: 3 })))
    await net.advance(60_000)
    expect(requests).toHaveLength(1)
    expect(session.end).toMatchObject({ kind: 'unrepeatable' })
  })

  it('treats another consumer as another request', async () => {
    const { requests } = orders()
    const wire = order()
    for (const store of [wireStore(wire), wireStore(wire)]) listen(store)
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(2)
  })

  it('refuses a streamed response as well', async () => {
    const { requests } = orders(() => 'a\n')
    const store = wireStore(fromFetchStream('/orders', { method: 'POST', json: 1 }))
    listen(store)
    await net.advance(FRAME_MS)
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(requests).toHaveLength(1)
    expect(stateOf(store).error?.kind).toBe('unrepeatable')
  })
})

describe('[law] 13: credentials', () => {
  it('keeps them at the origin of the first connection of a store', async () => {
    net.log('http://home.example/feed')
    const away = net.log('http://away.example/feed')
    let origin = 'http://home.example'
    const store = wireStore(() => fromEventSource(`${origin}/feed`, { headers: { authorization: 'secret' } }))
    listen(store)
    await net.advance(FRAME_MS)
    origin = 'http://away.example'
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(stateOf(store).error?.message).toContain("credentialOrigins: ['http://away.example']")
    expect(away.attempts).toEqual([])
  })
})
