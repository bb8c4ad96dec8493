import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { type Recording, record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import type { PartAnswer } from '../server/routes/http-parts.ts'
import { requesters, sha256 } from './requesters.ts'

/** Every `progress` of a session, as [loaded, total]. */
function progressOf({ events }: Recording<unknown>): [number, number | undefined][] {
  return events.flatMap((event) => (event.type === 'progress' ? [[event.loaded, event.total]] : []))
}

for (const { name, request } of requesters()) {
  describe(`${name} receives`, () => {
    it('JSON by itself: `connecting`, `open`, `progress`, `message`, `close`', async () => {
      const session = record(request(backend().url('/http/json')))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ name: 'Ada', born: 1815 }])
      expect([...new Set(session.types())]).toEqual(['connecting', 'open', 'progress', 'message', 'close'])
      const open = session.events.find((event) => event.type === 'open')
      expect(open).toMatchObject({ status: 200 })
      expect(open?.headers?.get('content-type')).toBe('application/json')
    })

    it('nothing as undefined', async () => {
      const session = record(request(backend().url('/http/empty')))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([undefined])
    })

    it('nothing from a HEAD', async () => {
      const session = record(request(backend().url('/http/json'), { method: 'HEAD' }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([undefined])
    })

    it('a page where JSON was expected as an error that shows its beginning', async () => {
      const server = backend()
      const session = record(request(server.url('/http/text')))
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'decode', retryable: false })
      expect(String(error)).toContain('<!doctype html><title>Log in')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('JSON as UTF-8, whatever charset its header claims', async () => {
      const type = 'application/json; charset=iso-8859-1'
      const session = record(request(backend().url('/http/text', { type, body: '"\u2603"' })))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['\u2603'])
    })

    it('what a function makes of the body', async () => {
      const decode = ({ name }: { name: string }) => name.toUpperCase()
      const session = record(request(backend().url('/http/json'), { decode }))
      await session.ended()
      expect(session.data()).toEqual(['ADA'])
    })

    it('what a schema makes of the body', async () => {
      const decode = z.object({ born: z.number().transform((year) => new Date(Date.UTC(year, 0))) })
      const session = record(request(backend().url('/http/json'), { decode }))
      await session.ended()
      expect(session.data()).toEqual([{ born: new Date('1815-01-01') }])
    })

    it.each([
      ['a function', () => JSON.parse('{')],
      ['a schema', z.object({ died: z.number() })],
    ])('what %s cannot decode as an error, and does not ask again', async (_, decode) => {
      const server = backend()
      const session = record(request(server.url('/http/json'), { decode }))
      expect(await session.ended()).toMatchObject({ kind: 'decode', retryable: false })
      expect(session.types()).not.toContain('message')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('a large body byte by byte, and tells how much of it is there', async () => {
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
      const because = how === 'gzip' && name === 'fromXhr' ? unable('count bytes as they are unpacked') : ''
      it.skipIf(because !== '')(`of a body that is sent ${how} no total${because}`, async () => {
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
        because: unable('tell the end of a chunked body from that of its connection'),
      },
      {
        how: 'compressed, of a known length',
        isCompressed: true,
        headers: { 'content-length': 1_000 },
        because: unable('tell the end of a compressed body from that of its connection'),
      },
    ]) {
      it.skipIf(because !== '')(
        `nothing of a body that is ${how} and whose connection ends first${because}`,
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

    it('no more than the total, also where another origin hides that the body is compressed', async () => {
      const url = backend().url('/http/download', { bytes: 500_000, gzip: 1, concealed: 1 })
      const session = record(request<Blob>(url, { responseType: 'blob' }))
      expect(await session.ended()).toBe('complete')
      for (const [loaded, total = loaded] of progressOf(session)) expect(loaded).toBeLessThanOrEqual(total)
    })
  })
}
