import { firstValueFrom } from 'rxjs'
import { fromXhr, json, messages } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { type Echo, sha256 } from './requesters.ts'

describe('fromXhr', () => {
  const bytes = 300_000

  it('reads text', async () => {
    const url = backend().url('/http/text', { type: 'text/plain; charset=utf-8', body: '\u2603' })
    expect(await firstValueFrom(fromXhr(url, { responseType: 'text' }).pipe(messages()))).toBe('\u2603')
  })

  it('reads an ArrayBuffer', async () => {
    const wire = fromXhr(backend().url('/http/download', { bytes }), { responseType: 'arraybuffer' })
    const buffer = await firstValueFrom(wire.pipe(messages()))
    expect(await sha256(buffer)).toBe(await sha256(seededBytes(bytes)))
  })

  it('reads a Blob with its type', async () => {
    const wire = fromXhr(backend().url('/http/download', { bytes }), { responseType: 'blob' })
    const blob = await firstValueFrom(wire.pipe(messages()))
    expect(blob).toMatchObject({ size: bytes, type: 'application/octet-stream' })
  })

  it('adds a unique header only to a request that equals one in flight', async () => {
    const url = backend().url('/http/echo')
    const languagesOf = async (count: number) => {
      const wires = Array.from({ length: count }, () => fromXhr(url, { decode: json<Echo>() }).pipe(messages()))
      const echoes = await Promise.all(wires.map((wire) => firstValueFrom(wire)))
      return echoes.map(({ headers }) => headers['content-language'])
    }
    const [first, ...others] = await languagesOf(3)
    expect(first).toBeUndefined()
    expect(others).toEqual([expect.stringMatching(/^x-\d+$/), expect.stringMatching(/^x-\d+$/)])
    expect(new Set(others).size).toBe(2)
    expect(await languagesOf(1)).toEqual([undefined])
  })

  it('reads a document', async () => {
    const wire = fromXhr(backend().url('/http/text'), { responseType: 'document' })
    expect((await firstValueFrom(wire.pipe(messages()))).title).toBe('Log in')
  })

  it('fails with kind `decode` on a body that is not a document', async () => {
    const session = record(fromXhr(backend().url('/http/json'), { responseType: 'document' }))
    expect(await session.ended()).toMatchObject({ kind: 'decode' })
    expect(session.data()).toEqual([])
  })

  it('reads the body as overrideMimeType', async () => {
    const url = backend().url('/http/text', { type: 'text/plain', body: '<names><name>Ada</name></names>' })
    const wire = fromXhr(url, { responseType: 'document', overrideMimeType: 'application/xml' })
    expect((await firstValueFrom(wire.pipe(messages()))).querySelector('name')?.textContent).toBe('Ada')
  })

  it('reports the progress of an upload up to its end, before `open`', async () => {
    const total = 4 * 1024 * 1024
    const body = seededBytes(total)
    const session = record(fromXhr(backend().url('/http/echo'), { decode: json<Echo>(), method: 'POST', body }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toMatchObject([{ bodyLength: total, bodySha256: await sha256(body) }])
    const uploads = session.events.filter((event) => event.type === 'progress' && event.direction === 'upload')
    expect(uploads.at(-1)).toEqual({ type: 'progress', direction: 'upload', loaded: total, total })
    expect(session.events.indexOf(uploads.at(-1) as (typeof uploads)[number])).toBeLessThan(
      session.types().indexOf('open'),
    )
    expect(session.types().slice(-2)).toEqual(['message', 'close'])
  })

  it.each([
    ['listens to the upload of a body', { method: 'POST', body: 'something' }, true],
    ['does not listen to an upload without a body, which would cause a preflight', {}, false],
  ])('%s', async (_, options, listens) => {
    const made: XMLHttpRequest[] = []
    class Seen extends XMLHttpRequest {
      constructor() {
        super()
        made.push(this)
      }
    }
    const session = record(fromXhr(backend().url('/http/echo'), { ...options, XMLHttpRequest: Seen }))
    expect(await session.ended()).toBe('complete')
    expect(made.map(({ upload }) => upload.onprogress !== null)).toEqual([listens])
  })

  it.each([
    ['one message', '/http/json', 'complete', 1],
    ['one error', '/http/status', 'HttpError', 0],
    ['one error', '/http/text', 'WireError', 0],
  ])('ends with exactly %s (%s)', async (_, path, end, count) => {
    const session = record(fromXhr(backend().url(path)))
    const ended = await session.ended()
    expect(ended === 'complete' ? ended : ended.name).toBe(end)
    expect(session.data()).toHaveLength(count)
    expect(session.types().filter((type) => type === 'close')).toHaveLength(count)
  })

  it('emits nothing more after an unsubscribe', async () => {
    const server = backend()
    const url = server.url('/http/download', { bytes: 10_000_000, bytesPerSecond: 500_000 })
    const session = record(fromXhr(url, { responseType: 'arraybuffer' }), ({ type }) => {
      if (type === 'progress') session.stop()
    })
    await session.until('progress')
    await server.expectNoConnections()
    expect(session.types()).toEqual(['connecting', 'open', 'progress'])
    expect(session.end).toBeUndefined()
  })

  it.each([
    [{ withCredentials: true }, true],
    [{ withCredentials: false }, false],
    [{ withCredentials: false, credentials: 'include' }, false],
  ] as const)('follows %j for cookies to another origin: %j', async (options, sent) => {
    // [spec] RFC 6265 §8.5: cookies ignore the port, origins do not. The browser may send the cookie here.
    const url = new URL(backend().url('/http/echo'))
    url.hostname = location.hostname
    // biome-ignore lint/suspicious/noDocumentCookie: The Cookie Store wants https.
    document.cookie = 'who=ada; path=/; max-age=60'
    const session = record(fromXhr(url, { decode: json<Echo>(), ...options, retry: false }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()[0]?.headers['cookie']?.includes('who=ada') ?? false).toBe(sent)
  })

  it.each([{ withCredentials: true }, { user: 'ada', password: 'secret' }, { password: 'secret' }])(
    'fails instead of sending credentials to another origin (%j)',
    async (options) => {
      const server = backend()
      const proxy = await server.proxy()
      const url = ({ attempt }: { attempt: number }) =>
        attempt === 0 ? server.url('/http/status?status=503') : proxy.url('/http/echo')
      const session = record(fromXhr(url, { ...options, retry: quick }))
      expect(await session.ended()).toMatchObject({ message: expect.stringContaining('credentialOrigins') })
    },
  )

  it('throws on credentials: `omit`, which XHR does not support', () => {
    expect(() => fromXhr('/', { credentials: 'omit' })).toThrow(TypeError)
  })

  it('uses a custom XMLHttpRequest', async () => {
    let made = 0
    class Other extends XMLHttpRequest {
      constructor() {
        super()
        made += 1
      }
    }
    const session = record(fromXhr(backend().url('/http/json'), { XMLHttpRequest: Other }))
    expect(await session.ended()).toBe('complete')
    expect(made).toBe(1)
  })
})
