import { firstValueFrom } from 'rxjs'
import { fromFetch, messages } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { sha256 } from './requesters.ts'
import { waitings } from './web-sockets.ts'

describe('fromFetch', () => {
  const bytes = 300_000

  it('reads text', async () => {
    const url = backend().url('/http/text', { type: 'text/plain; charset=utf-8', body: '\u2603' })
    expect(await firstValueFrom(fromFetch(url, { responseType: 'text' }).pipe(messages()))).toBe('\u2603')
  })

  it('reads an ArrayBuffer', async () => {
    const wire = fromFetch(backend().url('/http/download', { bytes }), { responseType: 'arrayBuffer' })
    const buffer = await firstValueFrom(wire.pipe(messages()))
    expect(buffer).toBeInstanceOf(ArrayBuffer)
    expect(await sha256(buffer)).toBe(await sha256(seededBytes(bytes)))
  })

  it('reads bytes', async () => {
    const wire = fromFetch(backend().url('/http/download', { bytes, chunked: 1 }), { responseType: 'bytes' })
    const read = await firstValueFrom(wire.pipe(messages()))
    expect(read).toBeInstanceOf(Uint8Array)
    expect(await sha256(read)).toBe(await sha256(seededBytes(bytes)))
  })

  it('reads a Blob with its type', async () => {
    const wire = fromFetch(backend().url('/http/download', { bytes }), { responseType: 'blob' })
    const blob = await firstValueFrom(wire.pipe(messages()))
    expect(blob).toMatchObject({ size: bytes, type: 'application/octet-stream' })
  })

  it('reads a form', async () => {
    const url = backend().url('/http/text', { type: 'application/x-www-form-urlencoded', body: 'a=1&b=%26' })
    const form = await firstValueFrom(fromFetch(url, { responseType: 'formData' }).pipe(messages()))
    expect([...form]).toEqual([
      ['a', '1'],
      ['b', '&'],
    ])
  })

  it('fails on a body that is not a form', async () => {
    const session = record(fromFetch(backend().url('/http/text'), { responseType: 'formData' }))
    expect(await session.ended()).toMatchObject({ kind: 'decode', message: expect.stringContaining('not a form') })
  })

  it('delivers the Response itself, whose body is readable after the wire has completed', async () => {
    const session = record(fromFetch(backend().url('/http/download', { bytes }), { responseType: 'response' }))
    expect(await session.ended()).toBe('complete')
    expect(session.types()).toEqual(['connecting', 'open', 'message', 'close'])
    const [response] = session.data()
    expect(response).toMatchObject({ status: 200, bodyUsed: false })
    const read = await (response as Response).arrayBuffer()
    expect(await sha256(read)).toBe(await sha256(seededBytes(bytes)))
  })

  it('uses the ETag as the id of the message', async () => {
    const session = record(fromFetch(backend().url('/http/json')))
    expect(await session.ended()).toBe('complete')
    expect(session.events).toContainEqual({ type: 'message', data: { name: 'Ada', born: 1815 }, id: '"first"' })
  })

  it('completes without a message on 304', async () => {
    const session = record(fromFetch(backend().url('/http/json'), { etag: '"first"' }))
    expect(await session.ended()).toBe('complete')
    expect(session.types()).toEqual(['connecting', 'open', 'close'])
    expect(session.events).toMatchObject([{}, { status: 304 }, { reason: 'Not Modified', wasClean: true }])
  })

  it('delivers the response if the ETag does not match', async () => {
    const session = record(fromFetch(backend().url('/http/json'), { etag: '"older"' }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toHaveLength(1)
  })

  it('calls a custom fetch with the given options only', async () => {
    const asked: [string, RequestInit][] = []
    const url = backend().url('/http/json')
    const session = record(
      fromFetch(url, {
        fetch: (...call) => {
          asked.push(call)
          return fetch(...call)
        },
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      }),
    )
    expect(await session.ended()).toBe('complete')
    expect(asked).toHaveLength(1)
    const [to, { signal, headers, ...init }] = asked[0] as [string, RequestInit]
    expect(to).toBe(url)
    expect(signal).toBeInstanceOf(AbortSignal)
    expect([...(headers as Headers)]).toEqual([])
    expect(init).toEqual({
      method: 'GET',
      body: null,
      credentials: 'same-origin',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    })
  })

  it('does not follow a redirect with redirect: `error`', async () => {
    const session = record(
      fromFetch(backend().url('/sse/redirect'), { redirect: 'error', retry: { maxRetries: 1, random: () => 0 } }),
    )
    expect(await session.ended()).toMatchObject({ kind: 'network' })
    expect(waitings(session)).toHaveLength(1)
  })
})
