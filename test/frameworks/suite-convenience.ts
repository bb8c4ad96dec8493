import { fromFetchStream, sse, tus } from 'rxwire'
import { expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { KIB, seededFile } from '../contract/uploads.ts'
import { quick } from '../quick.ts'
import type { Harness } from './harness/harness.ts'
import { show } from './show.ts'

/** What all adapters share beyond Server-Sent Events: sockets, streams on demand, uploads. */
export function convenienceSuite(harness: Harness): void {
  it('queues what is sent before the socket is open, counts it, and closes with 1000', async () => {
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ passage: 'refusing' })
    const view = await show(harness, {
      use: 'webSocket',
      input: proxy.url('/ws/echo'),
      options: { decode: String, reconnect: quick },
      shows: ['connection', 'data', 'queued', 'sent'],
    })
    await view.expectText(/^(?:connecting|waiting)/)
    const sent = view.call('send', 'hello')
    await view.expectText('undefined 1 0')
    await proxy.order({ passage: 'open' })
    await view.expectText('open hello 0 1')
    await expect(sent).resolves.toBeUndefined()
    view.unmount()
    await server.expectNoConnections()
    expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
  })

  it('sends through the connection that another component with the same key has opened', async () => {
    const server = backend()
    const options = { decode: String, reconnect: quick, key: server.key }
    const shown = { use: 'webSocket' as const, input: server.url('/ws/echo'), options, shows: ['connection', 'data'] }
    const first = await show(harness, shown)
    await first.expectText('open undefined')
    const second = await show(harness, shown)
    await second.expectText('open undefined')
    await second.call('send', 'from the second')
    await first.expectText('open from the second')
    expect((await server.stats()).seen).toHaveLength(1)
  })

  it('starts a stream on demand, starts over on the next start, and aborts it on stop', async () => {
    const server = backend()
    const connect = (words: number) =>
      fromFetchStream(server.url('/stream/answer', { words }), { method: 'POST', decode: sse(), endMarker: '[DONE]' })
    const view = await show(harness, {
      use: 'fetchStream',
      input: undefined,
      source: () => connect,
      options: { initial: 0, fold: (count: number) => count + 1 },
      shows: ['connection', 'data'],
    })
    await view.expectText('idle 0')
    expect((await server.stats()).seen).toHaveLength(0)
    view.call('start', 3)
    await view.expectText('closed 3')
    view.call('start', 1_000_000)
    await view.expectText(/^open/)
    view.call('stop')
    await view.expectText(/^closed \d+$/)
    await server.expectNoConnections()
    view.call('start', 1_000_000)
    await view.expectText(/^open/)
    view.unmount()
    await server.expectNoConnections()
    expect((await server.stats()).seen).toHaveLength(3)
  })

  it('uploads a file, and pauses the upload when it unmounts', async () => {
    const server = backend()
    const view = await show(harness, {
      use: 'upload',
      input: server.url('/upload/tus'),
      options: { protocol: tus(), chunkBytes: 64 * KIB, reconnect: quick },
      shows: ['uploads'],
    })
    await view.expectText('[]')
    view.call('start', seededFile(200 * KIB))
    await view.expectText('"status":"done"')
    view.unmount()
    view.call('start', seededFile(64 * KIB))
    await view.call('pause')
    expect((await server.stats()).seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
}
