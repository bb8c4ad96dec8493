import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { type Recording, record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import type { PartAnswer } from '../server/routes/http-parts.ts'
import { requesters, sha256 } from './requesters.ts'

/** The `progress` events of a session, as [loaded, total]. */
function progressOf({ events }: Recording<unknown>): [number, number | undefined][] {
  return events.flatMap((event) => (event.type === 'progress' ? [[event.loaded, event.total]] : []))
}

for (const { name, request } of requesters()) {
  describe(`the response of ${name}`, () => {
    it('is decoded as JSON by default, with `open`, `progress`, `message` and `close`', async () => {
      const session = record(request(backend().url('/http/json')))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ name: 'Ada', born: 1815 }])
      expect([...new Set(session.types())]).toEqual(['connecting', 'open', 'progress', 'message', 'close'])
      const open = session.events.find((event) => event.type === 'open')
      expect(open).toMatchObject({ status: 200 })
      expect(open?.headers?.get('content-type')).toBe('application/json')
    })

    it('is undefined for an empty body', async () => {
      const session = record(request(backend().url('/http/empty')))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([undefined])
    })

    it('is undefined for a HEAD request', async () => {
      const session = record(request(backend().url('/http/json'), { method: 'HEAD' }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([undefined])
    })

    it('fails if it is HTML instead of JSON, with an error that quotes its start', async () => {
      const server = backend()
      const session = record(request(server.url('/http/text')))
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'decode', retryable: false })
      expect(String(error)).toContain('<!doctype html><title>Log in')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('is decoded as UTF-8 if it is JSON with another charset in its header', async () => {
      const type = 'application/json; charset=iso-8859-1'
      const session = record(request(backend().url('/http/text', { type, body: '"\u2603"' })))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['\u2603'])
    })

    it('is decoded by a function', async () => {
      const decode = ({ name }: { name: string }) => name.toUpperCase()
      const session = record(request(backend().url('/http/json'), { decode }))
      await session.ended()
      expect(session.data()).toEqual(['ADA'])
    })

    it('is decoded by a schema', async () => {
      const decode = z.object({ born: z.number().transform((year) => new Date(Date.UTC(year, 0))) })
      const session = record(request(backend().url('/http/json'), { decode }))
      await session.ended()
      expect(session.data()).toEqual([{ born: new Date('1815-01-01') }])
    })

    it.each([
      ['a function', () => JSON.parse('{')],
      ['a schema', z.object({ died: z.number() })],
    ])('fails without a retry if %s cannot decode it', async (_, decode) => {
      const server = backend()
      const session = record(request(server.url('/http/json'), { decode }))
      expect(await session.ended()).toMatchObject({ kind: 'decode', retryable: false })
      expect(session.types()).not.toContain('message')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('is delivered without a wrong byte and with progress if it is large', async () => {
      const bytes = 2_000_000
      const session = record(request<Blob>(backend().url('/http/download', { bytes }), { responseType: 'blob' }))
      expect(await session.ended()).toBe('complete')
      const [blob] = session.data()
      expect(await sha256(await (blob as Blob).arrayBuffer())).toBe(await sha256(seededBytes(bytes)))
      const told = progressOf(session)
      expect(told.at(-1)).toEqual([bytes, bytes])
      expect(new Set(told.map(([, total]) => total))).toEqual(new Set([bytes]))
      expect(told.map(([loaded]) => loaded)).toEqual(told.map(([loaded]) => loaded).sort((a, b) => a - b))
    })

    for (const how of ['chunked', 'gzip']) {
      const because = how === 'gzip' && name === 'fromXhr' ? unable('count decompressed bytes') : ''
      it.skipIf(because !== '')(`has no total in its progress if it is sent ${how}${because}`, async () => {
        const bytes = 500_000
        const url = backend().url('/http/download', { bytes, [how]: 1 })
        const session = record(request<Blob>(url, { responseType: 'blob' }))
        expect(await session.ended()).toBe('complete')
        expect(session.data().map(({ size }) => size)).toEqual([bytes])
        const told = progressOf(session)
        expect(told.length).toBeGreaterThan(0)
        expect(told.at(-1)).toEqual([bytes, undefined])
        expect(told.filter(([, total]) => total !== undefined)).toEqual([])
      })
    }

    for (const { how, isCompressed, headers, because } of [
      {
        how: 'chunked',
        isCompressed: false,
        headers: {},
        because: unable('detect that a chunked body is truncated'),
      },
      {
        how: 'compressed and has a Content-Length',
        isCompressed: true,
        headers: { 'content-length': 1_000 },
        because: unable('detect that a compressed body is truncated'),
      },
    ]) {
      it.skipIf(because !== '')(
        `is not delivered if it is ${how} and its connection closes early${because}`,
        async () => {
          const answers: PartAnswer[] = [{ status: 200, headers, bytes: 50_000, isCompressed, isLost: 'closed' }]
          const session = record(
            request<string>(backend().url('/http/parts', { answers: JSON.stringify(answers) }), {
              responseType: 'text',
              retry: false,
            }),
          )
          expect(await session.ended()).toMatchObject({ kind: 'network', retryable: true })
          expect(session.data()).toEqual([])
        },
      )
    }

    it('has no progress above its total if another origin hides that it is compressed', async () => {
      const url = backend().url('/http/download', { bytes: 500_000, gzip: 1, concealed: 1 })
      const session = record(request<Blob>(url, { responseType: 'blob' }))
      expect(await session.ended()).toBe('complete')
      for (const [loaded, total = loaded] of progressOf(session)) expect(loaded).toBeLessThanOrEqual(total)
    })
  })
}
