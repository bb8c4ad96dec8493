import { fromImagePing } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'

describe('fromImagePing', () => {
  it('delivers the size of the image and completes', async () => {
    const session = record(fromImagePing(backend().url('/ping/image')))
    expect(await session.ended()).toBe('complete')
    expect(session.events).toEqual([
      { type: 'connecting', attempt: 0 },
      { type: 'open' },
      { type: 'message', data: { width: 1, height: 1 } },
      { type: 'close', wasClean: true },
    ])
  })

  it.each([
    ['an error response', '/http/status'],
    ['a response without a body', '/http/status?status=204'],
    ['a response that is not an image', '/http/text'],
  ])('fails on %s with an error that names all possible causes', async (_, path) => {
    const session = record(fromImagePing(backend().url(path), { retry: false }))
    expect(await session.ended()).toMatchObject({
      kind: 'network',
      retryable: true,
      message: expect.stringMatching(`GET http.*${path.replace(/\?.*/, '')} loaded no image.*204`),
    })
  })

  it('does not retry by default, because the server may have counted the ping', async () => {
    const server = backend()
    const session = record(fromImagePing(server.url('/http/status', { status: 204 })))
    expect(await session.ended()).toMatchObject({ kind: 'network' })
    expect((await server.stats()).seen).toHaveLength(1)
  })

  it('requests a unique url on every attempt', async () => {
    const server = backend()
    const url = server.url('/ping/image', { status: 503, times: 2 })
    for (const _ of [1, 2]) expect(await record(fromImagePing(url, { retry: quick })).ended()).toBe('complete')
    const { seen } = await server.stats()
    expect(seen).toHaveLength(4)
    expect(new Set(seen.map((request) => new URL(request.url, url).searchParams.get('_'))).size).toBe(4)
  })

  it('adds the cacheBuster parameter next to the query', async () => {
    const server = backend()
    const url = server.url('/ping/image')
    expect(await record(fromImagePing(url, { cacheBuster: 'at', query: { seen: 'intro' } })).ended()).toBe('complete')
    const [ping] = (await server.stats()).seen
    const asked = new URL(ping?.url ?? '', url).searchParams
    expect([asked.get('seen'), asked.get('at')]).toEqual(['intro', expect.stringMatching(/^\w{6,}$/)])
  })

  it('does not change the url without a cache buster', async () => {
    const server = backend()
    const url = server.url('/ping/image')
    expect(await record(fromImagePing(url, { cacheBuster: false })).ended()).toBe('complete')
    const [ping] = (await server.stats()).seen
    expect(new URL(ping?.url ?? '', url).href).toBe(url)
  })

  const because = unable('abort the request of an image')
  it.skipIf(because !== '')(`aborts the request after timeoutMs${because}`, async () => {
    const server = backend()
    const url = server.url('/http/held', { mute: 1 })
    const session = record(fromImagePing(url, { timeoutMs: 300, retry: false }))
    expect(await session.ended()).toMatchObject({ kind: 'timeout', retryable: true })
    await server.expectNoConnections()
  })

  it('emits nothing more after an unsubscribe at `open`', async () => {
    const session = record(fromImagePing(backend().url('/ping/image')), ({ type }) => {
      if (type === 'open') session.stop()
    })
    await session.until('open')
    expect(session.types()).toEqual(['connecting', 'open'])
    expect(session.end).toBeUndefined()
  })

  it.each([
    ['an invalid url', () => fromImagePing('http://['), /url/],
    ['a parameter without a name', () => fromImagePing('/', { cacheBuster: '' }), /cacheBuster/],
  ])('throws on %s', (_, call, words) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(words)
  })
})
