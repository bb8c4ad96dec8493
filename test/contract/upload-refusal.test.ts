import { HttpError, offsetHeaders, tus, type WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import {
  expectUploaded,
  KIB,
  MIB,
  offsetsCase,
  ownStorage,
  seededFile,
  sentTo,
  tusCase,
  upload,
  uploadCases,
  uploadUpTo,
} from './uploads.ts'
import { firstCause, waitings } from './web-sockets.ts'

const chunkBytes = 256 * KIB

for (const each of uploadCases) {
  const { name, path } = each
  const append = name === 'tus' ? 'PATCH' : 'POST'

  describe(`fromUpload by ${name}, on an error`, () => {
    it('retries after 423, while an earlier connection still holds the upload', async () => {
      const server = backend()
      const file = seededFile(KIB)
      const session = upload(each, server.url(path, { refuse: 423, on: append, times: 2 }), file)
      await expectUploaded(server, each, session, file)
      expect(waitings(session).map(({ cause }) => (cause as HttpError).status)).toEqual([423, 423])
    })

    it('retries after 503 and the delay of Retry-After', async () => {
      const server = backend()
      const file = seededFile(KIB)
      const session = upload(each, server.url(path, { refuse: 503, on: append, times: 1, seconds: 1 }), file)
      await expectUploaded(server, each, session, file)
      expect(waitings(session)).toMatchObject([{ cause: { status: 503, retryAfterMs: 1_000 } }])
      expect(waitings(session)[0]?.delayMs).toBeGreaterThanOrEqual(1_000)
    })

    it('retries after 401 with fresh headers', async () => {
      const server = backend()
      const file = seededFile(KIB)
      let token = 'old'
      const headers = ({ cause }: { cause: WireError | undefined }) => {
        if (cause instanceof HttpError && cause.status === 401) token = 'new'
        return { authorization: token }
      }
      const session = upload(each, server.url(path, { refuse: 401, on: append, times: 1 }), file, { headers })
      await expectUploaded(server, each, session, file)
      const sent = (await server.stats()).seen.filter(({ method }) => method === append)
      expect(sent.map(({ authorization }) => authorization)).toEqual(['old', 'new'])
    })

    it('fails with kind `auth` when fresh headers are refused, too', async () => {
      const session = upload(each, backend().url(path, { refuse: 401, on: append }), seededFile(KIB))
      expect(await session.ended()).toMatchObject({ kind: 'auth', status: 401 })
      expect(waitings(session)).toHaveLength(1)
    })

    it('fails on 403 with the body of the response', async () => {
      const session = upload(each, backend().url(path, { refuse: 403, on: append }), seededFile(KIB))
      const error = await session.ended()
      expect(error).toBeInstanceOf(HttpError)
      expect(error).toMatchObject({ kind: 'http', status: 403, bodyText: 'not today', retryable: false })
      expect(waitings(session)).toEqual([])
    })

    it('fails without a retry if reconnect is false', async () => {
      const server = backend()
      const session = upload(each, server.url(path, { refuse: 503 }), seededFile(KIB), { reconnect: false })
      expect(await session.ended()).toMatchObject({ status: 503 })
      expect(await sentTo(server)).toHaveLength(1)
    })

    it('counts failures while the server confirms no more bytes', async () => {
      const server = backend()
      const reconnect = { ...quick, maxRetries: 3 }
      const session = upload(each, server.url(path, { refuse: 500, on: append }), seededFile(KIB), { reconnect })
      expect(await session.ended()).toMatchObject({ status: 500 })
      // The server reported its offset each time, but an unchanged offset is no proof of service.
      expect(waitings(session).map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    })

    it('resets the failure count when the server confirms more bytes', async () => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ cutAtRandom: { times: 8, minBytes: 400_000, maxBytes: 600_000, seed: 2, side: 'asked' } })
      const file = seededFile(6 * MIB)
      const reconnect = { ...quick, maxRetries: 1 }
      const session = upload(each, proxy.url(path), file, { reconnect })
      await expectUploaded(server, each, session, file)
      expect((await proxy.order({})).cuts).toBe(8)
      // Browsers repeat a request themselves if a reused connection is cut, in rare cases each time. Node does not.
      const attempts = waitings(session).map(({ attempt }) => attempt)
      if (typeof document === 'undefined') expect(attempts).not.toEqual([])
      expect(attempts.filter((attempt) => attempt !== 1)).toEqual([])
    })

    it('retries when the server does not respond within stallTimeoutMs', async () => {
      const server = backend()
      const proxy = await server.proxy()
      const file = seededFile(KIB)
      await proxy.order({ passage: 'swallowing' })
      const session = upload(each, proxy.url(path), file, { stallTimeoutMs: 200 })
      await session.until('waiting')
      expect(firstCause(session)).toMatchObject({ kind: 'timeout', message: expect.stringContaining('no progress') })
      await proxy.order({ passage: 'open' })
      await expectUploaded(server, each, session, file)
    })

    // `fetch` does not report the progress of a request body.
    it.skipIf(typeof XMLHttpRequest === 'undefined')(
      'resumes from the stored bytes when a chunk stalls for stallTimeoutMs',
      async () => {
        const server = backend()
        const proxy = await server.proxy()
        const file = seededFile(8 * MIB)
        await proxy.order({ bytesPerSecond: 4 * MIB })
        const session = upload(each, proxy.url(path), file, { stallTimeoutMs: 500 })
        await expect
          .poll(() => session.events.some((event) => event.type === 'progress' && event.loaded > MIB))
          .toBe(true)
        await proxy.order({ passage: 'stalled' })
        await session.until('waiting')
        expect(firstCause(session)).toMatchObject({ kind: 'timeout', retryable: true })
        await proxy.order({ passage: 'open', bytesPerSecond: null })
        await expectUploaded(server, each, session, file)
      },
    )
  })
}

describe('fromUpload by tus, on an error', () => {
  it('halves the chunk size after a 413', async () => {
    const server = backend()
    const file = seededFile(3 * MIB)
    const session = upload(tusCase, server.url(tusCase.path, { maxPieceBytes: 700_000 }), file)
    await expectUploaded(server, tusCase, session, file)
    expect(waitings(session)).toEqual([])
    const sizes = (await sentTo(server)).slice(1).map((sent) => Number(sent.split(' ')[1]))
    // The size is halved until a chunk is accepted, then kept.
    expect(sizes).toEqual([3 * MIB, 1.5 * MIB, 0.75 * MIB, ...Array(8).fill(0.375 * MIB)])
  })

  it('fails when the smallest chunk size is refused with 413', async () => {
    const server = backend()
    const session = upload(tusCase, server.url(tusCase.path, { maxPieceBytes: 1_000 }), seededFile(MIB))
    expect(await session.ended()).toMatchObject({ status: 413, bodyText: 'too large, says the proxy' })
    const sizes = (await sentTo(server)).slice(1).map((sent) => Number(sent.split(' ')[1]))
    expect(sizes).toEqual([MIB, MIB / 2, MIB / 4])
  })

  it('fails when the whole file is refused with 413', async () => {
    const server = backend()
    const session = upload(tusCase, server.url(tusCase.path, { maxBytes: KIB }), seededFile(MIB))
    expect(await session.ended()).toMatchObject({ status: 413 })
    expect(await sentTo(server)).toEqual(['POST 0 bytes'])
  })

  it.each([
    ['Location', (url: string) => ({ url, protocol: tus() })],
    ['Upload-Offset', (url: string) => ({ url, protocol: tus({ uploadUrl: url }) })],
  ])('fails on a response without %s, with an error that names what may hide it', async (header, at) => {
    const { url, protocol } = at(backend().url('/http/json'))
    const session = upload(tusCase, url, seededFile(KIB), { protocol })
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain(`without a valid ${header}`)
    expect(String(error)).toContain('Access-Control-Expose-Headers')
  })

  describe('with upload URLs at another origin', () => {
    async function send(headers: Record<string, string>, mayFollow: boolean) {
      const server = backend()
      const proxy = await server.proxy()
      const { origin } = new URL(proxy.url('/'))
      const file = seededFile(chunkBytes)
      const session = upload(tusCase, server.url(tusCase.path, { elsewhere: origin }), file, {
        headers,
        credentialOrigins: mayFollow ? [origin] : [],
      })
      return { server, origin, file, session }
    }

    it('fails instead of sending credentials there, with an error that names credentialOrigins', async () => {
      const { server, origin, session } = await send({ authorization: 'Bearer secret' }, false)
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'network', retryable: false })
      expect(String(error)).toContain(`credentialOrigins: ['${origin}']`)
      expect(await sentTo(server)).toEqual(['POST 0 bytes'])
    })

    it('uploads with credentials that credentialOrigins allows', async () => {
      const { server, session, file } = await send({ authorization: 'Bearer secret' }, true)
      await expectUploaded(server, tusCase, session, file)
    })

    it('uploads without credentials', async () => {
      const { server, session, file } = await send({}, false)
      await expectUploaded(server, tusCase, session, file)
    })
  })

  it('resolves a relative Location against the URL after a redirect', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const file = seededFile(chunkBytes)
    const session = upload(tusCase, server.url('/http/moved', { to: proxy.url(tusCase.path) }), file)
    await expectUploaded(server, tusCase, session, file)
    // [spec] RFC 9110 §10.2.2: a relative Location is resolved against the target URI of the request.
    expect(new URL(session.data()[0]?.uploadUrl ?? '').origin).toBe(new URL(proxy.url('/')).origin)
  })
})

describe('fromUpload by offsetHeaders, after a successful response', () => {
  it('sends the rest if the server has stored only a part', async () => {
    const server = backend()
    const file = seededFile(KIB)
    const session = upload(offsetsCase, server.url(offsetsCase.path, { keeps: 400 }), file)
    await expectUploaded(server, offsetsCase, session, file)
    expect((await sentTo(server)).filter((sent) => sent.startsWith('POST'))).toHaveLength(3)
  })

  it('fails if the server has stored nothing', async () => {
    const url = backend().url(offsetsCase.path, { keeps: 0 })
    const error = await upload(offsetsCase, url, seededFile(KIB)).ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('confirm: false')
  })

  it('trusts the response if confirm is false', async () => {
    const url = backend().url(offsetsCase.path, { keeps: 0 })
    const protocol = offsetHeaders({ confirm: false })
    expect(await upload(offsetsCase, url, seededFile(KIB), { protocol }).ended()).toBe('complete')
  })
})

describe('fromUpload by tus', () => {
  it.each([[403], [400]])('starts a new upload if the stored upload is refused with %i', async (refuse) => {
    const server = backend()
    const file = seededFile(MIB)
    const storage = ownStorage()
    const url = server.url(tusCase.path, { refuse, on: 'HEAD' })
    await uploadUpTo(256 * KIB, tusCase, url, file, { chunkBytes: 256 * KIB, storage })
    await expectUploaded(server, tusCase, upload(tusCase, url, file, { storage }), file)
    expect((await sentTo(server)).filter((sent) => sent.startsWith('POST'))).toHaveLength(2)
  })
})
