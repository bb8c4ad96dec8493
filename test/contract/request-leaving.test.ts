import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { requesters } from './requesters.ts'
import { waitings } from './web-sockets.ts'

for (const { name, request } of requesters()) {
  describe(`${name} takes its time`, () => {
    it('only up to timeoutMs when nothing answers', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'swallowing' })
      const session = record(request(proxy.url('/http/json'), { timeoutMs: 100, retry: false }))
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'timeout', retryable: true })
      expect(String(error)).toContain('100 ms')
      expect(session.types()).toEqual(['connecting'])
    })

    it('only up to timeoutMs when the body stalls', async () => {
      const server = backend()
      const url = server.url('/http/download', { bytes: 5_000, stallAfter: 1_000 })
      const session = record(request(url, { responseType: 'blob', timeoutMs: 300, retry: false }))
      expect(await session.ended()).toMatchObject({ kind: 'timeout' })
      expect(session.types()).toContain('open')
      await server.expectNoConnections()
    })

    it('only up to timeoutMs when a refusal stalls', async () => {
      const server = backend()
      const url = server.url('/http/status', { stall: 1 })
      expect(await record(request(url, { timeoutMs: 200, retry: false })).ended()).toMatchObject({ kind: 'timeout' })
      await server.expectNoConnections()
    })

    it('only up to timeoutMs when a provider never answers', async () => {
      const headers = () => new Promise<never>(() => {})
      const session = record(request(backend().url('/http/json'), { headers, timeoutMs: 50, retry: false }))
      expect(await session.ended()).toMatchObject({ kind: 'timeout' })
    })

    it('and tries again after a timeout', async () => {
      const proxy = await backend().proxy()
      await proxy.order({ passage: 'swallowing' })
      const session = record(request(proxy.url('/http/json'), { timeoutMs: 50, retry: quick }))
      expect(await session.ended()).toMatchObject({ kind: 'timeout' })
      expect(waitings(session)).toMatchObject(Array(2).fill({ cause: { kind: 'timeout' } }))
    })
  })

  describe(`${name} is left`, () => {
    it('while nobody has answered yet, and aborts the request', async () => {
      const server = backend()
      const session = record(request(server.url('/http/held', { mute: 1 })))
      await expect.poll(async () => (await server.stats()).open).toBe(1)
      session.stop()
      await server.expectNoConnections()
      expect(session.types()).toEqual(['connecting'])
    })

    it('at `open`, and aborts the request', async () => {
      const server = backend()
      const session = record(request(server.url('/http/held')), ({ type }) => {
        if (type === 'open') session.stop()
      })
      await session.until('open')
      await server.expectNoConnections()
      expect(session.types()).toEqual(['connecting', 'open'])
    })

    it('at `progress`, and aborts the request', async () => {
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

    it('in the midst of an upload, and aborts the request', async () => {
      const proxy = await backend().proxy()
      const upload = (size: number) => request(proxy.url('/http/echo'), { method: 'PUT', body: seededBytes(size) })
      // A browser asks first whether it may, and remembers the answer.
      await record(upload(1)).ended()
      await proxy.order({ passage: 'swallowing' })
      const { links, askedBytes } = await proxy.order({})
      const session = record(upload(4 * 1024 * 1024))
      await expect.poll(async () => (await proxy.order({})).askedBytes).toBeGreaterThan(askedBytes + 100_000)
      session.stop()
      await expect.poll(async () => (await proxy.order({})).links).toBeLessThan(links)
      expect(session.end).toBeUndefined()
    })

    it('while a provider is asked, and sends nothing', async () => {
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
