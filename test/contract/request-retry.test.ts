import type { AttemptContext } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { requesters, sha256 } from './requesters.ts'
import { waitings } from './web-sockets.ts'

for (const { name, request } of requesters()) {
  describe(`${name} tries again`, () => {
    it('twice after 503, and delivers what came then', async () => {
      const url = backend().url('/http/status', { status: 503, times: 2 })
      const session = record(request(url, { retry: { random: () => 0 } }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ ok: true }])
      expect(waitings(session)).toMatchObject([
        { attempt: 1, cause: { status: 503 } },
        { attempt: 2, cause: { status: 503 } },
      ])
    })

    it('not a third time by itself', async () => {
      const server = backend()
      const session = record(request(server.url('/http/status', { status: 503 }), { retry: { random: () => 0 } }))
      expect(await session.ended()).toMatchObject({ kind: 'http', status: 503 })
      expect((await server.stats()).seen).toHaveLength(3)
    })

    it('as often as it is told', async () => {
      const server = backend()
      const retry = { ...quick, maxRetries: 5 }
      const session = record(request(server.url('/http/status', { status: 500 }), { retry }))
      expect(await session.ended()).toMatchObject({ status: 500 })
      expect((await server.stats()).seen).toHaveLength(6)
    })

    it.each([408, 425, 429, 500, 502, 504])('after %i', async (status) => {
      const session = record(request(backend().url('/http/status', { status, times: 1 }), { retry: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ ok: true }])
      // Chromium asks again by itself after 408, if the connection was used before.
      const isHidden = status === 408 && typeof XMLHttpRequest === 'function'
      if (!isHidden) expect(waitings(session)).toMatchObject([{ cause: { status } }])
    })

    it.each([400, 404, 501, 507])('not after %i', async (status) => {
      const server = backend()
      const session = record(request(server.url('/http/status', { status }), { retry: quick }))
      expect(await session.ended()).toMatchObject({ kind: 'http', status })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('once after 401, with fresh headers', async () => {
      const server = backend()
      const tokens = ['stale', 'fresh']
      const headers = async () => ({ authorization: `Bearer ${tokens.shift()}` })
      const url = server.url('/sse/authorized', { valid: 'fresh' })
      const session = record(request(url, { responseType: 'text', headers, retry: { random: () => 0 } }))
      expect(await session.ended()).toBe('complete')
      expect(waitings(session)).toMatchObject([{ cause: { status: 401 } }])
      const { seen } = await server.stats()
      expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer stale', 'Bearer fresh'])
    })

    it('not after a second 401, and fails with kind `auth`', async () => {
      const server = backend()
      const session = record(request(server.url('/sse/authorized', { valid: 'another' }), { retry: quick }))
      expect(await session.ended()).toMatchObject({ kind: 'auth', status: 401, bodyText: 'token expired' })
      expect((await server.stats()).seen).toHaveLength(2)
    })

    it('not with a POST', async () => {
      const server = backend()
      const url = server.url('/http/status', { status: 503, times: 1 })
      const session = record(request(url, { method: 'POST', json: {}, retry: quick }))
      expect(await session.ended()).toMatchObject({ status: 503 })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('not with a POST after 401 either', async () => {
      const server = backend()
      const url = server.url('/sse/authorized', { valid: 'another' })
      expect(await record(request(url, { method: 'POST', retry: quick })).ended()).toMatchObject({ kind: 'auth' })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('with a POST that carries an idempotency key, the same each time, and the same body', async () => {
      const server = backend()
      const url = server.url('/http/status', { status: 503, times: 2 })
      const session = record(request(url, { method: 'POST', json: { n: 1 }, idempotencyKey: 'order-7', retry: quick }))
      expect(await session.ended()).toBe('complete')
      const { seen } = await server.stats()
      expect(seen.map(({ idempotencyKey, body }) => [idempotencyKey, body])).toEqual(
        Array(3).fill(['order-7', '{"n":1}']),
      )
    })

    it.each(['PUT', 'DELETE'])('with a %s', async (method) => {
      const session = record(
        request(backend().url('/http/status', { status: 503, times: 1 }), { method, retry: quick }),
      )
      expect(await session.ended()).toBe('complete')
    })

    // XHR cannot send a stream, and a browser sends one over HTTP/2 alone.
    it.skipIf(name === 'fromXhr' || typeof document !== 'undefined')(
      'not with a body that is a stream, and says what would make it possible',
      async () => {
        const server = backend()
        const url = server.url('/http/status', { status: 503, times: 1 })
        const stream = () => new Blob(['once']).stream()
        const once = record(request(url, { method: 'PUT', body: stream(), retry: quick }))
        const error = await once.ended()
        expect(error).toMatchObject({ kind: 'http', cause: { status: 503 } })
        expect(String(error)).toContain('Give body a function')
        expect(once.types()).toEqual(['connecting'])
        expect((await server.stats()).seen).toHaveLength(1)

        const again = server.url('/http/status', { status: 503, times: 2 })
        const session = record(request(again, { method: 'PUT', body: stream, retry: quick }))
        expect(await session.ended()).toBe('complete')
        expect((await server.stats()).seen.map(({ body }) => body)).toEqual(['once', 'once', 'once'])
      },
    )

    it('not before the time that the server asked for', async () => {
      const url = backend().url('/http/status', { status: 429, retryAfter: 40 })
      const session = record(request(url, { retry: { random: () => 0 } }))
      await session.until('waiting')
      expect(waitings(session)).toMatchObject([{ delayMs: 40_000 }])
    })

    it('never where that is asked for', async () => {
      const server = backend()
      const session = record(request(server.url('/http/status', { status: 503 }), { retry: false }))
      expect(await session.ended()).toMatchObject({ status: 503 })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('asking its providers each time, and tells them which attempt it is and why', async () => {
      const server = backend()
      const asked: [string, AttemptContext][] = []
      const session = record(
        request(
          (context) => {
            asked.push(['url', context])
            return server.url(context.attempt === 0 ? '/http/status?status=503' : '/http/json')
          },
          {
            headers: (context) => {
              asked.push(['headers', context])
              return {}
            },
            retry: quick,
          },
        ),
      )
      expect(await session.ended()).toBe('complete')
      expect(asked).toMatchObject([
        ['url', { attempt: 0, cause: undefined }],
        ['headers', { attempt: 0, cause: undefined }],
        ['url', { attempt: 1, cause: { status: 503 } }],
        ['headers', { attempt: 1, cause: { status: 503 } }],
      ])
    })

    it('after a provider failed', async () => {
      const server = backend()
      const headers = ({ attempt }: AttemptContext) => {
        if (attempt === 0) throw new Error('the token endpoint is down')
        return {}
      }
      const session = record(request(server.url('/http/json'), { headers, retry: quick }))
      expect(await session.ended()).toBe('complete')
      expect(waitings(session)).toMatchObject([{ cause: { kind: 'network' } }])
    })

    it('after nobody answered', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'refusing' })
      const session = record(request(proxy.url('/http/json'), { retry: { ...quick, maxRetries: 1_000 } }))
      await session.until('waiting')
      await proxy.order({ passage: 'open' })
      expect(await session.ended()).toBe('complete')
      expect(waitings(session)[0]).toMatchObject({ cause: { kind: 'network', retryable: true } })
    })

    it('after a cut in the body, and the bytes are all there in the end', async () => {
      const bytes = 400_000
      const proxy = await backend().proxy()
      await proxy.order({ cutAtRandom: { times: 2, minBytes: 20_000, maxBytes: 300_000, seed: 7 } })
      const session = record(
        request<Blob>(proxy.url('/http/download', { bytes }), { responseType: 'blob', retry: quick }),
      )
      expect(await session.ended()).toBe('complete')
      expect(waitings(session)).toMatchObject(Array(2).fill({ cause: { kind: 'network', retryable: true } }))
      expect(session.types().filter((type) => type === 'message')).toHaveLength(1)
      const [blob] = session.data()
      expect(await sha256(await (blob as Blob).arrayBuffer())).toBe(await sha256(seededBytes(bytes)))
    })
  })
}
