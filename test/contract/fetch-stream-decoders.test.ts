import { bytes, type FetchStreamOptions, fromFetchStream, lines, ndjson, type StreamDecoder, sse, text } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { bodyQuery, rows, streamEngines, words } from './fetch-streams.ts'
import { numbers } from './web-sockets.ts'

const WORDS = 'é ☃ 😀 ß'

for (const { name, options: engine } of streamEngines()) {
  /** Reads a body to its end. Expects the wire to complete. */
  const read = async <T>(
    url: string,
    decode: StreamDecoder<T>,
    more: Omit<FetchStreamOptions<T>, 'decode'> = {},
  ): Promise<T[]> => {
    const session = record(fromFetchStream(url, { ...engine, ...more, decode }))
    expect(await session.ended()).toBe('complete')
    expect(session.types().slice(0, 2)).toEqual(['connecting', 'open'])
    expect(session.events.at(-1)).toEqual({ type: 'close', wasClean: true })
    return session.data()
  }

  describe(`fromFetchStream (${name})`, () => {
    it('delivers text while it arrives, also without a decoder', async () => {
      const url = backend().url('/stream/lines', { count: 3 })
      expect((await read(url, text())).join('')).toBe('line 1\nline 2\nline 3\n')
      const session = record(fromFetchStream(url, engine))
      expect(await session.ended()).toBe('complete')
      expect(session.data().join('')).toBe('line 1\nline 2\nline 3\n')
    })

    for (const query of [{}, { crlf: 1 }, { noFinalEnd: 1 }, { crlf: 1, noFinalEnd: 1 }]) {
      it(`reads lines (${Object.keys(query).join(' and ') || 'LF'})`, async () => {
        const url = backend().url('/stream/lines', { count: 300, ...query })
        expect(await read(url, lines())).toEqual(numbers(300).map((n) => `line ${n}`))
      })
    }

    it('decodes NDJSON', async () => {
      expect(await read(backend().url('/stream/ndjson', { count: 3_000 }), ndjson<{ n: number }>())).toEqual(
        rows(3_000),
      )
    })

    it('decodes an event stream, with names and with ids as the ids of messages', async () => {
      const url = backend().url('/stream/answer', { words: 2, errorAfter: 2 })
      const session = record(fromFetchStream(url, { ...engine, decode: sse() }))
      expect(await session.ended()).toBe('complete')
      const failure = '{"error":"overloaded"}'
      expect(session.events.filter(({ type }) => type === 'message')).toEqual([
        { type: 'message', data: { data: words(2)[0], id: '1' }, id: '1' },
        { type: 'message', data: { data: words(2)[1], id: '2' }, id: '2' },
        { type: 'message', data: { data: failure, name: 'error' }, name: 'error' },
        { type: 'message', data: { data: '[DONE]' } },
      ])
    })

    it('parses the data of an event as JSON for a schema', async () => {
      const skipped: string[] = []
      const schema = z.object({ text: z.string().trim() })
      const url = backend().url('/stream/answer', { words: 2 })
      const data = await read(url, sse({ decode: schema }), { onBadMessage: (error) => skipped.push(error.message) })
      expect(data.map((event) => event.data)).toEqual([{ text: 'word 1' }, { text: 'word 2' }])
      expect(skipped).toEqual([expect.stringContaining('[DONE]')])
    })

    if (name === 'fetch') {
      it('reads bytes', async () => {
        const pieces = await read(backend().url('/stream/bytes', { bytes: 500_000, piece: 7_000 }), bytes())
        expect(pieces.length).toBeGreaterThan(1)
        expect(pieces.flatMap((piece) => [...piece])).toEqual([...seededBytes(500_000)])
      })
    } else {
      it('fails on bytes() without sending a request', async () => {
        const server = backend()
        const session = record(fromFetchStream(server.url('/stream/bytes'), { ...engine, decode: bytes() }))
        const message = expect.stringContaining('bytes() needs fetch')
        expect(await session.ended()).toMatchObject({ kind: 'network', retryable: false, message })
        expect((await server.stats()).seen).toEqual([])
      })
    }

    describe('with characters that are split across chunks', () => {
      it('decodes text', async () => {
        const pieces = await read(backend().url('/stream/bytes', bodyQuery(WORDS)), text())
        expect(pieces.join('')).toBe(WORDS)
        expect(pieces).not.toContain('')
      })

      it('decodes lines', async () => {
        const url = backend().url('/stream/bytes', bodyQuery(`${WORDS}\r\n\n${WORDS}`))
        expect(await read(url, lines())).toEqual([WORDS, '', WORDS])
      })

      it('decodes NDJSON', async () => {
        const url = backend().url('/stream/bytes', bodyQuery(`"${WORDS}"\n\r\n \n["${WORDS}"]`))
        expect(await read(url, ndjson())).toEqual([WORDS, [WORDS]])
      })

      it('decodes events', async () => {
        const url = backend().url('/stream/bytes', bodyQuery(`id: ☃\nevent: é\ndata: ${WORDS}\r\n\r\n`))
        expect(await read(url, sse(), { contentType: 'ignore' })).toEqual([{ data: WORDS, name: 'é', id: '☃' }])
      })
    })

    const because = name === 'xhr' ? unable('report a truncated character over XHR') : ''
    it.skipIf(because !== '')(`replaces a truncated last character${because}`, async () => {
      const body = new TextEncoder().encode('a☃').subarray(0, 3)
      const pieces = await read(backend().url('/stream/bytes', { ...bodyQuery(body), everyMs: 300 }), text())
      expect(pieces.join('')).toBe('a\uFFFD')
    })

    it('skips a byte order mark before the first record', async () => {
      const server = backend()
      const body = (said: string) => server.url('/stream/bytes', bodyQuery(`\uFEFF${said}`, 100))
      expect(await read(body('{"n":1}\n{"n":2}\n'), ndjson(), { onBadMessage: 'fail' })).toEqual(rows(2))
      expect(await read(body('a\nb'), lines())).toEqual(['a', 'b'])
      expect((await read(body('a'), text())).join('')).toBe('a')
    })

    it('skips a row that is not JSON and counts it', async () => {
      const told: [string, number][] = []
      const url = backend().url('/stream/ndjson', { count: 5, bad: 3 })
      const onBadMessage: FetchStreamOptions<unknown>['onBadMessage'] = (error, skipped) =>
        told.push([error.kind, skipped])
      expect(await read(url, ndjson(), { onBadMessage })).toEqual([1, 2, 4, 5].map((n) => ({ n })))
      expect(told).toEqual([['decode', 1]])
    })

    it('skips blank lines also with onBadMessage: `fail`', async () => {
      const url = backend().url('/stream/bytes', bodyQuery('{"n":1}\n\n \r\n{"n":2}\n\n'))
      expect(await read(url, ndjson(), { onBadMessage: 'fail' })).toEqual(rows(2))
    })

    it('fails without a retry on a row that is not JSON with onBadMessage: `fail`', async () => {
      const server = backend()
      const options = { ...engine, decode: ndjson(), onBadMessage: 'fail' } as const
      const session = record(fromFetchStream(server.url('/stream/ndjson', { count: 5, bad: 3 }), options))
      expect(await session.ended()).toMatchObject({ kind: 'decode', message: expect.stringContaining('{"n":') })
      expect(session.data()).toEqual(rows(2))
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('validates rows with a schema', async () => {
      const told: number[] = []
      const decode = ndjson({ decode: z.object({ n: z.number().max(2).transform(String) }) })
      const url = backend().url('/stream/ndjson', { count: 4 })
      expect(await read(url, decode, { onBadMessage: (_, skipped) => told.push(skipped) })).toEqual([
        { n: '1' },
        { n: '2' },
      ])
      expect(told).toEqual([1, 2])
    })

    const tooLong: [string, string, StreamDecoder<unknown>][] = [
      ['lines', 'small\n', lines({ maxLength: 1_000 })],
      ['ndjson', '"small"\n', ndjson({ maxLength: 1_000 })],
      ['sse', 'data: small\n\ndata: ', sse({ maxLength: 1_000, decode: String })],
    ]
    for (const [what, begin, decode] of tooLong) {
      it(`fails with kind \`overflow\` on a record above the maxLength of ${what} and closes the connection`, async () => {
        const server = backend()
        const query = bodyQuery(`${begin}${'x'.repeat(3_000)}`, 100)
        const options = { ...engine, decode, contentType: 'ignore' } as const
        const session = record(fromFetchStream(server.url('/stream/bytes', query), options))
        expect(await session.ended()).toMatchObject({ kind: 'overflow', retryable: false })
        expect(session.data()).toEqual([what === 'sse' ? { data: 'small' } : 'small'])
        await server.expectNoConnections()
        expect((await server.stats()).seen).toHaveLength(1)
      })
    }

    it('reports the progress, with the total if Content-Length is known', async () => {
      const query = { ...bodyQuery('x'.repeat(5_000), 1_000), everyMs: 60 }
      for (const length of [{ length: 1 }, {}]) {
        const session = record(fromFetchStream(backend().url('/stream/bytes', { ...query, ...length }), engine))
        expect(await session.ended()).toBe('complete')
        const progress = session.events.flatMap((event) => (event.type === 'progress' ? [event] : []))
        const loaded = progress.map((event) => event.loaded)
        expect(loaded.length).toBeGreaterThan(1)
        expect(loaded).toEqual([...new Set(loaded)].sort((a, b) => a - b))
        expect(loaded.at(-1)).toBe(5_000)
        const total = 'length' in length ? 5_000 : undefined
        expect(new Set(progress.map((event) => event.total))).toEqual(new Set([total]))
      }
    })
  })
}
