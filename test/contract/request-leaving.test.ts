import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { requesters } from './requesters.ts'
import { waitings } from './web-sockets.ts'

for (const { name, request } of requesters()) {
  describe(`timeoutMs of ${name}`, () => {
    it('limits the wait for a response', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'swallowing' })
      const session = record(request(proxy.url('/http/json'), { timeoutMs: 100, retry: false }))
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'timeout', retryable: true })
      expect(String(error)).toContain('100 ms')
      expect(session.types()).toEqual(['connecting'])
    })

    it('limits a body that stalls', async () => {
      const server = backend()
      const url = server.url('/http/download', { bytes: 5_000, stallAfter: 1_000 })
      const session = record(request(url, { responseType: 'blob', timeoutMs: 300, retry: false }))
      expect(await session.ended()).toMatchObject({ kind: 'timeout' })
      expect(session.types()).toContain('open')
      await server.expectNoConnections()
    })

    it('limits the body of an error response that stalls', async () => {
      const server = backend()
      const url = server.url('/http/status', { stall: 1 })
      expect(await record(request(url, { timeoutMs: 200, retry: false })).ended()).toMatchObject({ kind: 'timeout' })
      await server.expectNoConnections()
    })

    it('limits a headers function that never resolves', async () => {
      const headers = () => new Promise<never>(() => {})
      const session = record(request(backend().url('/http/json'), { headers, timeoutMs: 50, retry: false }))
      expect(await session.ended()).toMatchObject({ kind: 'timeout' })
    })

    it('is followed by a retry', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'swallowing' })
      const session = record(request(proxy.url('/http/json'), { timeoutMs: 50, retry: quick }))
      expect(await session.ended()).toMatchObject({ kind: 'timeout' })
      expect(waitings(session)).toMatchObject(Array(2).fill({ cause: { kind: 'timeout' } }))
    })
  })

  describe(`unsubscribing from ${name}`, () => {
    it('aborts the request before the response', async () => {
      const server = backend()
      const session = record(request(server.url('/http/held', { mute: 1 })))
      await expect.poll(async () => (await server.stats()).open).toBe(1)
      session.stop()
      await server.expectNoConnections()
      expect(session.types()).toEqual(['connecting'])
    })

    it('aborts the request at `open`', async () => {
      const server = backend()
      const session = record(request(server.url('/http/held')), ({ type }) => {
        if (type === 'open') session.stop()
      })
      await session.until('open')
      await server.expectNoConnections()
      expect(session.types()).toEqual(['connecting', 'open'])
    })

    it('aborts the request at `progress`', async () => {
      const server = backend()
      const url = server.url('/http/download', { bytes: 10_000_000, bytesPerSecond: 200_000 })
      const session = record(request(url, { responseType: 'blob' }))
      await session.until('progress', 2)
      session.stop()
      const { length } = session.events
      await server.expectNoConnections()
      expect(session.events).toHaveLength(length)
      expect(session.end).toBeUndefined()
    })

    it('aborts the request during an upload', async () => {
      const proxy = await backend().proxy()
      const upload = (size: number) => request(proxy.url('/http/echo'), { method: 'PUT', body: seededBytes(size) })
      // The browser sends a preflight and caches its result.
      await record(upload(1)).ended()
      await proxy.order({ passage: 'swallowing' })
      const { links, askedBytes } = await proxy.order({})
      const session = record(upload(4 * 1024 * 1024))
      await expect.poll(async () => (await proxy.order({})).askedBytes).toBeGreaterThan(askedBytes + 100_000)
      session.stop()
      await expect.poll(async () => (await proxy.order({})).links).toBeLessThan(links)
      expect(session.end).toBeUndefined()
    })

    it('prevents the request while the headers function runs', async () => {
      const server = backend()
      let answer = (_: Record<string, string>) => {}
      const headers = () => new Promise<Record<string, string>>((resolve) => (answer = resolve))
      record(request(server.url('/http/held'), { headers })).stop()
      answer({})
      const control = record(request(server.url('/http/held')))
      await control.until('open')
      expect((await server.stats()).seen).toHaveLength(1)
    })
  })
}
