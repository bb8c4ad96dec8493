import { Subject } from 'rxjs'
import type { AttemptContext } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { requesters, sha256 } from './requesters.ts'
import { waitings } from './web-sockets.ts'

for (const { name, request } of requesters()) {
  describe(`${name}, on a failure`, () => {
    it('retries twice after 503 and delivers the response', async () => {
      const url = backend().url('/http/status', { status: 503, times: 2 })
      const session = record(request(url, { retry: { random: () => 0 } }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ ok: true }])
      expect(waitings(session)).toMatchObject([
        { attempt: 1, cause: { status: 503 } },
        { attempt: 2, cause: { status: 503 } },
      ])
    })

    it('fails after two retries by default', async () => {
      const server = backend()
      const session = record(request(server.url('/http/status', { status: 503 }), { retry: { random: () => 0 } }))
      expect(await session.ended()).toMatchObject({ kind: 'http', status: 503 })
      expect((await server.stats()).seen).toHaveLength(3)
    })

    it('fails after maxRetries', async () => {
      const server = backend()
      const retry = { ...quick, maxRetries: 5 }
      const session = record(request(server.url('/http/status', { status: 500 }), { retry }))
      expect(await session.ended()).toMatchObject({ status: 500 })
      expect((await server.stats()).seen).toHaveLength(6)
    })

    it.each([408, 425, 429, 500, 502, 504])('retries after %i', async (status) => {
      const session = record(request(backend().url('/http/status', { status, times: 1 }), { retry: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ ok: true }])
      // Chromium itself repeats the request after a 408 if the connection was used before.
      const isHidden = status === 408 && typeof XMLHttpRequest === 'function'
      if (!isHidden) expect(waitings(session)).toMatchObject([{ cause: { status } }])
    })

    it.each([400, 404, 501, 507])('does not retry after %i', async (status) => {
      const server = backend()
      const session = record(request(server.url('/http/status', { status }), { retry: quick }))
      expect(await session.ended()).toMatchObject({ kind: 'http', status })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('retries once after 401, with fresh headers', async () => {
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

    it('fails with kind `auth` on a second 401', async () => {
      const server = backend()
      const session = record(request(server.url('/sse/authorized', { valid: 'another' }), { retry: quick }))
      expect(await session.ended()).toMatchObject({ kind: 'auth', status: 401, bodyText: 'token expired' })
      expect((await server.stats()).seen).toHaveLength(2)
    })

    it('does not retry a POST', async () => {
      const server = backend()
      const url = server.url('/http/status', { status: 503, times: 1 })
      const session = record(request(url, { method: 'POST', json: {}, retry: quick }))
      expect(await session.ended()).toMatchObject({ status: 503 })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('does not repeat a POST when `reconnectNow` emits', async () => {
      const server = backend()
      const reconnectNow = new Subject<void>()
      const url = server.url('/http/status', { status: 200, stall: 1 })
      const session = record(request(url, { method: 'POST', json: {}, retry: { reconnectNow } }))
      await expect.poll(async () => (await server.stats()).seen.length).toBe(1)
      reconnectNow.next()
      expect(session.types().filter((type) => type === 'connecting')).toHaveLength(1)
    })

    it('does not retry a POST after 401', async () => {
      const server = backend()
      const url = server.url('/sse/authorized', { valid: 'another' })
      expect(await record(request(url, { method: 'POST', retry: quick })).ended()).toMatchObject({ kind: 'auth' })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('retries a POST that has an idempotency key, with the same key and body', async () => {
      const server = backend()
      const url = server.url('/http/status', { status: 503, times: 2 })
      const session = record(request(url, { method: 'POST', json: { n: 1 }, idempotencyKey: 'order-7', retry: quick }))
      expect(await session.ended()).toBe('complete')
      const { seen } = await server.stats()
      expect(seen.map(({ idempotencyKey, body }) => [idempotencyKey, body])).toEqual(
        Array(3).fill(['order-7', '{"n":1}']),
      )
    })

    it.each(['PUT', 'DELETE'])('retries a %s', async (method) => {
      const session = record(
        request(backend().url('/http/status', { status: 503, times: 1 }), { method, retry: quick }),
      )
      expect(await session.ended()).toBe('complete')
    })

    // XHR cannot send a stream, and browsers send streams only over HTTP/2.
    it.skipIf(name === 'fromXhr' || typeof document !== 'undefined')(
      'retries a request with a stream body only if a function creates the stream',
      async () => {
        const server = backend()
        const url = server.url('/http/status', { status: 503, times: 1 })
        const stream = () => new Blob(['once']).stream()
        const once = record(request(url, { method: 'PUT', body: stream(), retry: quick }))
        const error = await once.ended()
        expect(error).toMatchObject({ name: 'HttpError', status: 503, retryable: false })
        expect(String(error)).toContain('Pass body as a function')
        expect(once.types()).toEqual(['connecting'])
        expect((await server.stats()).seen).toHaveLength(1)

        const again = server.url('/http/status', { status: 503, times: 2 })
        const session = record(request(again, { method: 'PUT', body: stream, retry: quick }))
        expect(await session.ended()).toBe('complete')
        expect((await server.stats()).seen.map(({ body }) => body)).toEqual(['once', 'once', 'once'])
      },
    )

    it('waits for the delay of Retry-After', async () => {
      const url = backend().url('/http/status', { status: 429, retryAfter: 40 })
      const session = record(request(url, { retry: { random: () => 0 } }))
      await session.until('waiting')
      expect(waitings(session)).toMatchObject([{ delayMs: 40_000 }])
    })

    it('does not retry if retry is false', async () => {
      const server = backend()
      const session = record(request(server.url('/http/status', { status: 503 }), { retry: false }))
      expect(await session.ended()).toMatchObject({ status: 503 })
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('calls the url and headers functions on every attempt with its number and cause', async () => {
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

    it('retries after an error of the headers function', async () => {
      const server = backend()
      const headers = ({ attempt }: AttemptContext) => {
        if (attempt === 0) throw new Error('the token endpoint is down')
        return {}
      }
      const session = record(request(server.url('/http/json'), { headers, retry: quick }))
      expect(await session.ended()).toBe('complete')
      expect(waitings(session)).toMatchObject([{ cause: { kind: 'network' } }])
    })

    it('retries after a refused connection', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'refusing' })
      const session = record(request(proxy.url('/http/json'), { retry: { ...quick, maxRetries: 1_000 } }))
      await session.until('waiting')
      await proxy.order({ passage: 'open' })
      expect(await session.ended()).toBe('complete')
      expect(waitings(session)[0]).toMatchObject({ cause: { kind: 'network', retryable: true } })
    })

    it('retries after a cut in the body and delivers every byte', async () => {
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
