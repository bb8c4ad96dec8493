import { fromUpload, HttpError, offsetHeaders, tus } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import {
  digestOf,
  disturbed,
  expectUploaded,
  KIB,
  loseUpload,
  MIB,
  offsetsCase,
  ownStorage,
  placesIn,
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
  const { name, path, protocol } = each
  describe(`fromUpload by ${name} goes on`, () => {
    it('from what the server has when it is subscribed again, and sends only what is missing', async () => {
      const server = backend()
      const proxy = await server.proxy()
      const file = seededFile(2 * MIB)
      await uploadUpTo(MIB, each, proxy.url(path), file, { chunkBytes })
      const { askedBytes } = await proxy.order({})
      expect(askedBytes).toBeGreaterThan(MIB)
      const session = upload(each, proxy.url(path), file, { chunkBytes })
      await expectUploaded(server, each, session, file)
      const sentAgain = (await proxy.order({})).askedBytes - askedBytes - MIB
      expect(sentAgain).toBeGreaterThan(0)
      // The heads of the requests, and what they ask before.
      expect(sentAgain).toBeLessThan(64 * KIB)
    })

    it('behind what it has sent, when the server has lost some of it meanwhile', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const lossy = disturbed(protocol(), MIB, (location) => digestOf(server, each, location, 300 * KIB))
      const session = upload(each, server.url(path), file, { protocol: lossy, chunkBytes })
      await expectUploaded(server, each, session, file)
      expect(waitings(session)).toEqual([])
    })

    it('behind what it has sent, when the server has lost some of it between two sessions', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const storage = ownStorage()
      await uploadUpTo(MIB, each, server.url(path), file, { chunkBytes, storage })
      await digestOf(server, each, placesIn(storage)[0] ?? '', 100_001)
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
    })

    it('ahead of what was confirmed, when the server has more', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const base = protocol()
      // Another tab, as the server sees it.
      const ahead = disturbed(base, MIB, async (location) => {
        const other = upload(each, server.url(path), file, {
          protocol: { ...base, location },
          chunkBytes,
          storage: false,
        })
        await expect.poll(() => other.types().filter((type) => type === 'progress').length).toBeGreaterThan(2)
        other.stop()
      })
      const session = upload(each, server.url(path), file, { protocol: ahead, chunkBytes, storage: false })
      await expectUploaded(server, each, session, file)
    })

    it('anew, when the server has lost the upload between two sessions', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(512 * KIB, each, server.url(path), file, { chunkBytes, storage })
      await loseUpload(server, each, placesIn(storage)[0] ?? '')
      const session = upload(each, server.url(path), file, { storage })
      await expectUploaded(server, each, session, file)
      expect(waitings(session)).toEqual([])
    })

    it('anew, when the server loses the upload under its hands', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const lossy = disturbed(protocol(), MIB, (location) => loseUpload(server, each, location))
      const session = upload(each, server.url(path), file, { protocol: lossy, chunkBytes })
      await expectUploaded(server, each, session, file)
    })

    it('with two that write the same upload at the same time', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const storage = ownStorage()
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage })
      const both = [1, 2].map(() => upload(each, server.url(path), file, { chunkBytes, storage }))
      for (const session of both) await expectUploaded(server, each, session, file)
      expect(both[0]?.data()[0]?.location).toBe(both[1]?.data()[0]?.location)
    })

    it('not after a conflict about which the server does not say anything else', async () => {
      const server = backend()
      const on = name === 'tus' ? 'PATCH' : 'POST'
      const url = server.url(path, { refuse: 409, on })
      const session = upload(each, url, seededFile(KIB))
      const error = await session.ended()
      expect(error).toBeInstanceOf(HttpError)
      expect(error).toMatchObject({ status: 409, bodyText: 'not today' })
      expect(waitings(session)).toEqual([])
    })

    it('in pieces of the size that it is told', async () => {
      const server = backend()
      const file = seededFile(1_000_000)
      const session = upload(each, server.url(path), file, { chunkBytes: 300_000 })
      await expectUploaded(server, each, session, file)
      const [first, ...pieces] = await sentTo(server)
      expect(first).toMatch(/ 0 bytes$/)
      // A server by offset headers is asked after each of them.
      const [method, asked] = name === 'tus' ? ['PATCH', []] : ['POST', ['GET 0 bytes']]
      const sizes = [300_000, 300_000, 300_000, 100_000]
      expect(pieces).toEqual(sizes.flatMap((bytes) => [`${method} ${bytes} bytes`, ...asked]))
    })

    it('in one piece where it is told nothing', async () => {
      const server = backend()
      const file = seededFile(1_000_000)
      await expectUploaded(server, each, upload(each, server.url(path), file), file)
      expect((await sentTo(server)).filter((sent) => !sent.endsWith(' 0 bytes'))).toHaveLength(1)
      expect((await sentTo(server))[1]).toMatch(/ 1000000 bytes$/)
    })

    it('to its end with a file of nothing', async () => {
      const server = backend()
      const session = upload(each, server.url(path), seededFile(0))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toMatchObject([{ sizeBytes: 0 }])
      expect(await sentTo(server)).toEqual(['POST 0 bytes'])
    })

    it('with a part of a file, and with a view of an array', async () => {
      const server = backend()
      const whole = seededFile(MIB)
      const view = new Uint8Array(await whole.arrayBuffer(), 1_000, 500_000)
      for (const blob of [whole.slice(1_000, 501_000), new Blob([view])]) {
        const session = upload(each, server.url(path), blob)
        await expectUploaded(server, each, session, blob)
      }
    })
  })

  describe(`fromUpload by ${name} remembers`, () => {
    it('where it was begun, until it is done', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(512 * KIB, each, server.url(path), file, { chunkBytes, storage })
      expect(storage.items.size).toBe(1)
      expect(placesIn(storage)).toHaveLength(1)
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
      // Not an empty list: nothing at all.
      expect(storage.items.size).toBe(0)
    })

    it('each upload by itself', async () => {
      const server = backend()
      const storage = ownStorage()
      const [one, other] = [seededFile(MIB), seededFile(MIB)]
      for (const file of [one, other]) {
        await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage })
      }
      expect(new Set(placesIn(storage)).size).toBe(2)
      await expectUploaded(server, each, upload(each, server.url(path), one, { storage }), one)
      expect(placesIn(storage)).toHaveLength(1)
    })

    it('nothing that is older than it is told', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage, rememberForMs: 10 })
      const [place] = placesIn(storage)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage })
      // By offset headers, a file is known by itself.
      if (name === 'tus') expect(placesIn(storage)).not.toContain(place)
      else expect(placesIn(storage)).toContain(place)
    })

    it('the rest of what was confirmed, also for whoever has left before its message', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      const wire = fromUpload(server.url(path), file, { protocol: each.protocol(), storage })
      const session = record(wire, (event) => {
        if (event.type === 'progress' && event.acknowledged === MIB) session.stop()
      })
      await expect.poll(() => session.events.at(-1)).toMatchObject({ type: 'progress', acknowledged: MIB })
      const { length } = await sentTo(server)
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
      expect((await sentTo(server)).slice(length).every((sent) => sent.endsWith(' 0 bytes'))).toBe(true)
    })

    it('nothing of another album: what the query says makes another upload', async () => {
      const storage = ownStorage()
      const server = backend()
      const file = seededFile(MIB)
      await uploadUpTo(chunkBytes, each, server.url(path, { album: 7 }), file, { chunkBytes, storage })
      await uploadUpTo(chunkBytes, each, server.url(path, { album: 9 }), file, { chunkBytes, storage })
      expect(placesIn(storage)).toHaveLength(2)
    })

    it('nothing of a Blob, which nobody could recognise', async () => {
      const storage = ownStorage()
      const blob = new Blob([await seededFile(MIB).arrayBuffer()])
      await uploadUpTo(chunkBytes, each, backend().url(path), blob, { chunkBytes, storage })
      expect(storage.items.size).toBe(0)
    })

    it('a Blob by the fingerprint that it is given', async () => {
      const server = backend()
      const storage = ownStorage()
      const blob = new Blob([await seededFile(MIB).arrayBuffer()])
      const options = { chunkBytes, storage, fingerprint: async () => 'the only one' }
      await uploadUpTo(512 * KIB, each, server.url(path), blob, options)
      const [place] = placesIn(storage)
      const session = upload(each, server.url(path), blob, options)
      await expectUploaded(server, each, session, blob)
      expect(session.data()[0]?.location).toBe(place)
    })

    it('nothing where it is told so', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const url = server.url(path)
      await uploadUpTo(512 * KIB, each, url, file, { chunkBytes, storage: false })
      await expectUploaded(server, each, upload(each, url, file, { storage: false }), file)
      const asked = (await sentTo(server)).filter((sent) => sent === 'HEAD 0 bytes')
      expect(asked).toEqual([])
    })

    it('nothing in a storage that throws, and uploads all the same', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const forbidden = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
      const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden }
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
    })

    it('nothing of what it cannot read, and begins anew', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage })
      for (const key of storage.items.keys()) storage.items.set(key, '[{"not": "ours"')
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
    })

    it('by itself, in the storage of the host', async () => {
      const server = backend()
      const file = seededFile(MIB)
      await uploadUpTo(512 * KIB, each, server.url(path), file, { chunkBytes })
      await expectUploaded(server, each, upload(each, server.url(path), file), file)
      const methods = (await sentTo(server)).map((sent) => sent.split(' ')[0])
      // Asked how far it is, not created again.
      if (name === 'tus') expect(methods.slice(-2)).toEqual(['HEAD', 'PATCH'])
      else expect(methods.slice(-3)).toEqual(['GET', 'POST', 'GET'])
    })

    it('nothing any more, when its fingerprint cannot be taken: it says so', async () => {
      const fingerprint = () => Promise.reject(new RangeError('too large to be hashed'))
      const session = upload(each, backend().url(path), seededFile(KIB), { fingerprint })
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'network', retryable: false })
      expect(String(error)).toContain('too large to be hashed')
    })
  })
}

describe('fromUpload by tus', () => {
  it('begins anew where another file was remembered', async () => {
    const server = backend()
    const storage = ownStorage()
    const options = { chunkBytes, storage, fingerprint: () => 'always the same' }
    await uploadUpTo(512 * KIB, tusCase, server.url(tusCase.path), seededFile(2 * MIB), options)
    const [place] = placesIn(storage)
    const file = seededFile(MIB)
    const session = upload(tusCase, server.url(tusCase.path), file, options)
    await expectUploaded(server, tusCase, session, file)
    expect(session.data()[0]?.location).not.toBe(place)
  })

  it('goes on with an upload that somebody else has created', async () => {
    const server = backend()
    const file = seededFile(MIB)
    const created = await fetch(server.url(tusCase.path), {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': String(MIB) },
    })
    const uploadUrl = new URL(created.headers.get('location') ?? '', created.url).href
    const session = upload(tusCase, server.url('/http/json'), file, { protocol: tus({ uploadUrl }), storage: false })
    await expectUploaded(server, tusCase, session, file)
    expect(session.data()[0]?.location).toBe(uploadUrl)
    expect((await sentTo(server)).map((sent) => sent.split(' ')[0])).toEqual(['POST', 'HEAD', 'PATCH'])
  })

  it('says so when an upload that somebody else has created is gone', async () => {
    const server = backend()
    const uploadUrl = server.url(`${tusCase.path}/nowhere`)
    const session = upload(tusCase, server.url(tusCase.path), seededFile(KIB), { protocol: tus({ uploadUrl }) })
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('is gone')
  })
})

describe('fromUpload by offsetHeaders', () => {
  it('says so when the server has more under its id than the file has', async () => {
    const server = backend()
    const id = crypto.randomUUID()
    const options = { protocol: offsetHeaders({ fileId: () => id }), storage: false as const }
    const large = seededFile(2 * KIB)
    await expectUploaded(server, offsetsCase, upload(offsetsCase, server.url(offsetsCase.path), large, options), large)
    const session = upload(offsetsCase, server.url(offsetsCase.path), seededFile(KIB), options)
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('has 2048 bytes of a file of 1024')
  })

  it('asks and sends where and how it is told', async () => {
    const server = backend()
    const file = seededFile(100 * KIB)
    const statusUrl = server.url(offsetsCase.path, { status: 1 })
    const protocol = offsetHeaders({ statusUrl, method: 'PUT' })
    await expectUploaded(
      server,
      offsetsCase,
      upload(offsetsCase, server.url(offsetsCase.path), file, { protocol }),
      file,
    )
    const seen = (await server.stats()).seen.map(({ method, url }) => [method, url.includes('status=1')])
    expect(seen.slice(0, 2)).toEqual([
      ['GET', true],
      ['PUT', false],
    ])
  })

  it('says so when what it asks is not answered with a number', async () => {
    const session = upload(offsetsCase, backend().url('/http/json'), seededFile(KIB))
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('instead of the number of bytes')
  })

  it('asks again after each status that home-made servers say to a wrong start', async () => {
    for (const conflict of [400, 409, 416]) {
      const server = backend()
      const file = seededFile(MIB)
      const lossy = disturbed(offsetsCase.protocol(), 512 * KIB, (location) =>
        digestOf(server, offsetsCase, location, 1_000),
      )
      const url = server.url(offsetsCase.path, { conflict })
      const session = upload(offsetsCase, url, file, { protocol: lossy, chunkBytes })
      await expectUploaded(server, offsetsCase, session, file)
      expect(firstCause(session)).toBeUndefined()
    }
  })
})
