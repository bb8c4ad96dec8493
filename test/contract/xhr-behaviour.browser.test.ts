import { firstValueFrom } from 'rxjs'
import { fromXhr, messages } from 'rxwire'
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

  it('makes a request differ from an equal one that is under way, and from no other', async () => {
    const url = backend().url('/http/echo')
    const languagesOf = async (count: number) => {
      const wires = Array.from({ length: count }, () => fromXhr<Echo>(url).pipe(messages()))
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

  it('fails with kind `decode` on what is no document', async () => {
    const session = record(fromXhr(backend().url('/http/json'), { responseType: 'document' }))
    expect(await session.ended()).toMatchObject({ kind: 'decode' })
    expect(session.data()).toEqual([])
  })

  it('reads as the type that it is told', async () => {
    const url = backend().url('/http/text', { type: 'text/plain', body: '<names><name>Ada</name></names>' })
    const wire = fromXhr(url, { responseType: 'document', overrideMimeType: 'application/xml' })
    expect((await firstValueFrom(wire.pipe(messages()))).querySelector('name')?.textContent).toBe('Ada')
  })

  it('tells of an upload up to its end, before `open`', async () => {
    const total = 4 * 1024 * 1024
    const body = seededBytes(total)
    const session = record(fromXhr<Echo>(backend().url('/http/echo'), { method: 'POST', body }))
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
    ['listens to an upload', { method: 'POST', body: 'something' }, true],
    ['does not listen to the upload of nothing, which would cost a preflight', {}, false],
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
    ['a message', '/http/json', 'complete', 1],
    ['an error', '/http/status', 'HttpError', 0],
    ['an error', '/http/text', 'WireError', 0],
  ])('says one thing: %s from %s', async (_, path, end, count) => {
    const session = record(fromXhr(backend().url(path)))
    const ended = await session.ended()
    expect(ended === 'complete' ? ended : ended.name).toBe(end)
    expect(session.data()).toHaveLength(count)
    expect(session.types().filter((type) => type === 'close')).toHaveLength(count)
  })

  it('says nothing after it was aborted', async () => {
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
  ] as const)('with %j sends cookies to another origin: %j', async (options, sent) => {
    // [spec] Cookies know no ports, origins do: the same host on another port is where the cookie may go.
    const url = new URL(backend().url('/http/echo'))
    url.hostname = location.hostname
    // biome-ignore lint/suspicious/noDocumentCookie: The Cookie Store wants https.
    document.cookie = 'who=ada; path=/; max-age=60'
    const session = record(fromXhr<Echo>(url, { ...options, retry: false }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()[0]?.headers['cookie']?.includes('who=ada') ?? false).toBe(sent)
  })

  it.each([{ withCredentials: true }, { user: 'ada', password: 'secret' }, { password: 'secret' }])(
    'keeps %j at home, too',
    async (options) => {
      const server = backend()
      const proxy = await server.proxy()
      const url = ({ attempt }: { attempt: number }) =>
        attempt === 0 ? server.url('/http/status?status=503') : proxy.url('/http/echo')
      const session = record(fromXhr(url, { ...options, retry: quick }))
      expect(await session.ended()).toMatchObject({ message: expect.stringContaining('credentialOrigins') })
    },
  )

  it('cannot leave cookies at home on its own origin, and says so at the call', () => {
    expect(() => fromXhr('/', { credentials: 'omit' })).toThrow(TypeError)
  })

  it('goes by another XMLHttpRequest if it is given one', async () => {
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
