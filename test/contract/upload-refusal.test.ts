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

  describe(`fromUpload by ${name} is refused`, () => {
    it('for a moment with 423, while an earlier connection still holds the upload', async () => {
      const server = backend()
      const file = seededFile(KIB)
      const session = upload(each, server.url(path, { refuse: 423, on: append, times: 2 }), file)
      await expectUploaded(server, each, session, file)
      expect(waitings(session).map(({ cause }) => (cause as HttpError).status)).toEqual([423, 423])
    })

    it('for a moment with 503, and waits as long as it is asked to', async () => {
      const server = backend()
      const file = seededFile(KIB)
      const session = upload(each, server.url(path, { refuse: 503, on: append, times: 1, seconds: 1 }), file)
      await expectUploaded(server, each, session, file)
      expect(waitings(session)).toMatchObject([{ cause: { status: 503, retryAfterMs: 1_000 } }])
      expect(waitings(session)[0]?.delayMs).toBeGreaterThanOrEqual(1_000)
    })

    it('with 401, asks for its headers anew, and goes on', async () => {
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

    it('with 401 for good, when fresh headers do not help', async () => {
      const session = upload(each, backend().url(path, { refuse: 401, on: append }), seededFile(KIB))
      expect(await session.ended()).toMatchObject({ kind: 'auth', status: 401 })
      expect(waitings(session)).toHaveLength(1)
    })

    it('with 403 for good, and shows what the server says', async () => {
      const session = upload(each, backend().url(path, { refuse: 403, on: append }), seededFile(KIB))
      const error = await session.ended()
      expect(error).toBeInstanceOf(HttpError)
      expect(error).toMatchObject({ kind: 'http', status: 403, bodyText: 'not today', retryable: false })
      expect(waitings(session)).toEqual([])
    })

    it('for good, where it is not to try again', async () => {
      const server = backend()
      const session = upload(each, server.url(path, { refuse: 503 }), seededFile(KIB), { reconnect: false })
      expect(await session.ended()).toMatchObject({ status: 503 })
      expect(await sentTo(server)).toHaveLength(1)
    })

    it('again and again, and counts that as long as nothing more is confirmed', async () => {
      const server = backend()
      const reconnect = { ...quick, maxRetries: 3 }
      const session = upload(each, server.url(path, { refuse: 500, on: append }), seededFile(KIB), { reconnect })
      expect(await session.ended()).toMatchObject({ status: 500 })
      // It was answered each time how far it is, which proves nothing.
      expect(waitings(session).map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    })

    it('again and again, and does not count what comes after something was confirmed', async () => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ cutAtRandom: { times: 8, minBytes: 400_000, maxBytes: 600_000, seed: 2, side: 'asked' } })
      const file = seededFile(6 * MIB)
      const reconnect = { ...quick, maxRetries: 1 }
      const session = upload(each, proxy.url(path), file, { reconnect })
      await expectUploaded(server, each, session, file)
      expect((await proxy.order({})).cuts).toBe(8)
      // Not always eight: a browser sends a request again by itself if it was cut off on a connection that it reuses.
      expect(new Set(waitings(session).map(({ attempt }) => attempt))).toEqual(new Set([1]))
    })

    it('no answer in time, and goes on when there is one', async () => {
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

    // Where there is only `fetch`, nobody hears of the progress of a body.
    it.skipIf(typeof XMLHttpRequest === 'undefined')(
      'any progress in the midst of a piece, and goes on with what has come',
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

describe('fromUpload by tus is refused', () => {
  it('pieces that are too large, and sends smaller ones', async () => {
    const server = backend()
    const file = seededFile(3 * MIB)
    const session = upload(tusCase, server.url(tusCase.path, { maxPieceBytes: 700_000 }), file)
    await expectUploaded(server, tusCase, session, file)
    expect(waitings(session)).toEqual([])
    const sizes = (await sentTo(server)).slice(1).map((sent) => Number(sent.split(' ')[1]))
    // Half of what was too much, until it fits: then that size is kept.
    expect(sizes).toEqual([3 * MIB, 1.5 * MIB, 0.75 * MIB, ...Array(8).fill(0.375 * MIB)])
  })

  it('also the smallest piece, and says so', async () => {
    const server = backend()
    const session = upload(tusCase, server.url(tusCase.path, { maxPieceBytes: 1_000 }), seededFile(MIB))
    expect(await session.ended()).toMatchObject({ status: 413, bodyText: 'too large, says the proxy' })
    const sizes = (await sentTo(server)).slice(1).map((sent) => Number(sent.split(' ')[1]))
    expect(sizes).toEqual([MIB, MIB / 2, MIB / 4])
  })

  it('a file that is too large, and does not cut it', async () => {
    const server = backend()
    const session = upload(tusCase, server.url(tusCase.path, { maxBytes: KIB }), seededFile(MIB))
    expect(await session.ended()).toMatchObject({ status: 413 })
    expect(await sentTo(server)).toEqual(['POST 0 bytes'])
  })

  it.each([
    ['Location', (url: string) => ({ url, protocol: tus() })],
    ['Upload-Offset', (url: string) => ({ url, protocol: tus({ uploadUrl: url }) })],
  ])('an answer with %s, and says what may hide it', async (header, at) => {
    const { url, protocol } = at(backend().url('/http/json'))
    const session = upload(tusCase, url, seededFile(KIB), { protocol })
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain(`without a usable ${header}`)
    expect(String(error)).toContain('Access-Control-Expose-Headers')
  })

  describe('where the server keeps uploads at another origin', () => {
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

    it('credentials: they do not follow, and it says what would let them', async () => {
      const { server, origin, session } = await send({ authorization: 'Bearer secret' }, false)
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'network', retryable: false })
      expect(String(error)).toContain(`credentialOrigins: ['${origin}']`)
      expect(await sentTo(server)).toEqual(['POST 0 bytes'])
    })

    it('nothing, if credentials may follow', async () => {
      const { server, session, file } = await send({ authorization: 'Bearer secret' }, true)
      await expectUploaded(server, tusCase, session, file)
    })

    it('nothing, if there are none', async () => {
      const { server, session, file } = await send({}, false)
      await expectUploaded(server, tusCase, session, file)
    })
  })

  it('nothing where it is sent on, and takes the place from there', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const file = seededFile(chunkBytes)
    const session = upload(tusCase, server.url('/http/moved', { to: proxy.url(tusCase.path) }), file)
    await expectUploaded(server, tusCase, session, file)
    // A relative Location starts from where the answer came from.
    expect(new URL(session.data()[0]?.location ?? '').origin).toBe(new URL(proxy.url('/')).origin)
  })
})

describe('fromUpload by offsetHeaders is told that all is well', () => {
  it('by a server that has kept a part, and sends the rest', async () => {
    const server = backend()
    const file = seededFile(KIB)
    const session = upload(offsetsCase, server.url(offsetsCase.path, { keeps: 400 }), file)
    await expectUploaded(server, offsetsCase, session, file)
    expect((await sentTo(server)).filter((sent) => sent.startsWith('POST'))).toHaveLength(3)
  })

  it('by a server that has kept nothing, and does not believe it', async () => {
    const url = backend().url(offsetsCase.path, { keeps: 0 })
    const error = await upload(offsetsCase, url, seededFile(KIB)).ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('confirm: false')
  })

  it('and believes it where it shall', async () => {
    const url = backend().url(offsetsCase.path, { keeps: 0 })
    const protocol = offsetHeaders({ confirm: false })
    expect(await upload(offsetsCase, url, seededFile(KIB), { protocol }).ended()).toBe('complete')
  })
})

describe('fromUpload by tus', () => {
  it.each([[403], [400]])('begins anew where what it has remembered is refused for good (%i)', async (refuse) => {
    const server = backend()
    const file = seededFile(MIB)
    const storage = ownStorage()
    const url = server.url(tusCase.path, { refuse, on: 'HEAD' })
    await uploadUpTo(256 * KIB, tusCase, url, file, { chunkBytes: 256 * KIB, storage })
    await expectUploaded(server, tusCase, upload(tusCase, url, file, { storage }), file)
    expect((await sentTo(server)).filter((sent) => sent.startsWith('POST'))).toHaveLength(2)
  })
})
