import { fromUpload, offsetHeaders, tus } from 'rxwire'
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
  describe(`fromUpload by ${name}`, () => {
    it('sends only the missing bytes on a new subscription', async () => {
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
      // The heads of the requests, and the requests for the offset.
      expect(sentAgain).toBeLessThan(64 * KIB)
    })

    it('goes back to the offset of the server when the server loses bytes during a session', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const lossy = disturbed(protocol(), MIB, (uploadUrl) => digestOf(server, each, uploadUrl, 300 * KIB))
      const session = upload(each, server.url(path), file, { protocol: lossy, chunkBytes })
      await expectUploaded(server, each, session, file)
      expect(waitings(session)).toEqual([])
    })

    it('goes back to the offset of the server when the server loses bytes between two sessions', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const storage = ownStorage()
      await uploadUpTo(MIB, each, server.url(path), file, { chunkBytes, storage })
      await digestOf(server, each, placesIn(storage)[0] ?? '', 100_001)
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
    })

    it('skips the bytes that the server has received from another client', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const base = protocol()
      // Simulates another tab.
      const ahead = disturbed(base, MIB, async (uploadUrl) => {
        const other = upload(each, server.url(path), file, {
          protocol: { ...base, uploadUrl },
          chunkBytes,
          storage: false,
        })
        await expect.poll(() => other.types().filter((type) => type === 'progress').length).toBeGreaterThan(2)
        other.stop()
      })
      const session = upload(each, server.url(path), file, { protocol: ahead, chunkBytes, storage: false })
      await expectUploaded(server, each, session, file)
    })

    it('starts a new upload when the server loses the upload between two sessions', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(512 * KIB, each, server.url(path), file, { chunkBytes, storage })
      await loseUpload(server, each, placesIn(storage)[0] ?? '')
      const session = upload(each, server.url(path), file, { storage })
      await expectUploaded(server, each, session, file)
      expect(waitings(session)).toEqual([])
    })

    it('starts a new upload when the server loses the upload during a session', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const lossy = disturbed(protocol(), MIB, (uploadUrl) => loseUpload(server, each, uploadUrl))
      const session = upload(each, server.url(path), file, { protocol: lossy, chunkBytes })
      await expectUploaded(server, each, session, file)
    })

    it('completes both of two sessions that write the same upload at the same time', async () => {
      const server = backend()
      const file = seededFile(2 * MIB)
      const storage = ownStorage()
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage })
      const both = [1, 2].map(() => upload(each, server.url(path), file, { chunkBytes, storage }))
      for (const session of both) await expectUploaded(server, each, session, file)
      expect(both[0]?.data()[0]?.uploadUrl).toBe(both[1]?.data()[0]?.uploadUrl)
    })

    it('retries after conflicts when the offset of the server has not changed', async () => {
      const server = backend()
      const on = name === 'tus' ? 'PATCH' : 'POST'
      const file = seededFile(KIB)
      const session = upload(each, server.url(path, { refuse: 409, on, times: 4 }), file)
      await expectUploaded(server, each, session, file)
      expect(waitings(session).map(({ cause }) => cause)).toMatchObject(Array(4).fill({ status: 409 }))
    })

    it('sends chunks of chunkBytes', async () => {
      const server = backend()
      const file = seededFile(1_000_000)
      const session = upload(each, server.url(path), file, { chunkBytes: 300_000 })
      await expectUploaded(server, each, session, file)
      const [first, ...pieces] = await sentTo(server)
      expect(first).toMatch(/ 0 bytes$/)
      // With offset headers, the client requests the offset after each chunk.
      const [method, asked] = name === 'tus' ? ['PATCH', []] : ['POST', ['GET 0 bytes']]
      const sizes = [300_000, 300_000, 300_000, 100_000]
      expect(pieces).toEqual(sizes.flatMap((bytes) => [`${method} ${bytes} bytes`, ...asked]))
    })

    it('sends one chunk by default', async () => {
      const server = backend()
      const file = seededFile(1_000_000)
      await expectUploaded(server, each, upload(each, server.url(path), file), file)
      expect((await sentTo(server)).filter((sent) => !sent.endsWith(' 0 bytes'))).toHaveLength(1)
      expect((await sentTo(server))[1]).toMatch(/ 1000000 bytes$/)
    })

    it('completes an empty file', async () => {
      const server = backend()
      const session = upload(each, server.url(path), seededFile(0))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toMatchObject([{ sizeBytes: 0 }])
      expect(await sentTo(server)).toEqual(['POST 0 bytes'])
    })

    it('uploads a slice of a file and a view of an array', async () => {
      const server = backend()
      const whole = seededFile(MIB)
      const view = new Uint8Array(await whole.arrayBuffer(), 1_000, 500_000)
      for (const blob of [whole.slice(1_000, 501_000), new Blob([view])]) {
        const session = upload(each, server.url(path), blob)
        await expectUploaded(server, each, session, blob)
      }
    })
  })

  describe(`fromUpload by ${name}, with a storage`, () => {
    it('stores an upload until it completes', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(512 * KIB, each, server.url(path), file, { chunkBytes, storage })
      expect(storage.items.size).toBe(1)
      expect(placesIn(storage)).toHaveLength(1)
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
      // The key itself is removed. An empty list would stay.
      expect(storage.items.size).toBe(0)
    })

    it('stores each upload separately', async () => {
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

    it('removes a stored upload after rememberForMs', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage, rememberForMs: 10 })
      const [place] = placesIn(storage)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage })
      // With offset headers, the id is derived from the file.
      if (name === 'tus') expect(placesIn(storage)).not.toContain(place)
      else expect(placesIn(storage)).toContain(place)
    })

    it('keeps a fully confirmed upload if the subscriber unsubscribed before the message', async () => {
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

    it('stores uploads to URLs with different queries separately', async () => {
      const storage = ownStorage()
      const server = backend()
      const file = seededFile(MIB)
      await uploadUpTo(chunkBytes, each, server.url(path, { album: 7 }), file, { chunkBytes, storage })
      await uploadUpTo(chunkBytes, each, server.url(path, { album: 9 }), file, { chunkBytes, storage })
      expect(placesIn(storage)).toHaveLength(2)
    })

    it('does not store a Blob, which has no fingerprint', async () => {
      const storage = ownStorage()
      const blob = new Blob([await seededFile(MIB).arrayBuffer()])
      await uploadUpTo(chunkBytes, each, backend().url(path), blob, { chunkBytes, storage })
      expect(storage.items.size).toBe(0)
    })

    it('stores a Blob with a custom fingerprint', async () => {
      const server = backend()
      const storage = ownStorage()
      const blob = new Blob([await seededFile(MIB).arrayBuffer()])
      const options = { chunkBytes, storage, fingerprint: async () => 'the only one' }
      await uploadUpTo(512 * KIB, each, server.url(path), blob, options)
      const [place] = placesIn(storage)
      const session = upload(each, server.url(path), blob, options)
      await expectUploaded(server, each, session, blob)
      expect(session.data()[0]?.uploadUrl).toBe(place)
    })

    it('stores nothing if storage is false', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const url = server.url(path)
      await uploadUpTo(512 * KIB, each, url, file, { chunkBytes, storage: false })
      await expectUploaded(server, each, upload(each, url, file, { storage: false }), file)
      const asked = (await sentTo(server)).filter((sent) => sent === 'HEAD 0 bytes')
      expect(asked).toEqual([])
    })

    it('uploads a file even if the storage throws', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const forbidden = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
      const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden }
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
    })

    it('starts a new upload if the stored entry is unreadable', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const storage = ownStorage()
      await uploadUpTo(chunkBytes, each, server.url(path), file, { chunkBytes, storage })
      for (const key of storage.items.keys()) storage.items.set(key, '[{"not": "ours"')
      await expectUploaded(server, each, upload(each, server.url(path), file, { storage }), file)
    })

    it('uses the storage of the host by default', async () => {
      const server = backend()
      const file = seededFile(MIB)
      await uploadUpTo(512 * KIB, each, server.url(path), file, { chunkBytes })
      await expectUploaded(server, each, upload(each, server.url(path), file), file)
      const methods = (await sentTo(server)).map((sent) => sent.split(' ')[0])
      // The client requests the offset. It does not create the upload again.
      if (name === 'tus') expect(methods.slice(-2)).toEqual(['HEAD', 'PATCH'])
      else expect(methods.slice(-3)).toEqual(['GET', 'POST', 'GET'])
    })

    it('fails if the fingerprint function rejects', async () => {
      const fingerprint = () => Promise.reject(new RangeError('too large to be hashed'))
      const session = upload(each, backend().url(path), seededFile(KIB), { fingerprint })
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'network', retryable: false })
      expect(String(error)).toContain('too large to be hashed')
    })
  })
}

describe('fromUpload by tus', () => {
  it('starts a new upload if the stored upload is of another file', async () => {
    const server = backend()
    const storage = ownStorage()
    const options = { chunkBytes, storage, fingerprint: () => 'always the same' }
    await uploadUpTo(512 * KIB, tusCase, server.url(tusCase.path), seededFile(2 * MIB), options)
    const [place] = placesIn(storage)
    const file = seededFile(MIB)
    const session = upload(tusCase, server.url(tusCase.path), file, options)
    await expectUploaded(server, tusCase, session, file)
    expect(session.data()[0]?.uploadUrl).not.toBe(place)
  })

  it('resumes an upload that another client has created', async () => {
    const server = backend()
    const file = seededFile(MIB)
    const created = await fetch(server.url(tusCase.path), {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': String(MIB) },
    })
    const uploadUrl = new URL(created.headers.get('location') ?? '', created.url).href
    const session = upload(tusCase, server.url('/http/json'), file, { protocol: tus({ uploadUrl }), storage: false })
    await expectUploaded(server, tusCase, session, file)
    expect(session.data()[0]?.uploadUrl).toBe(uploadUrl)
    expect((await sentTo(server)).map((sent) => sent.split(' ')[0])).toEqual(['POST', 'HEAD', 'PATCH'])
  })

  it('fails when an upload that another client has created is gone', async () => {
    const server = backend()
    const uploadUrl = server.url(`${tusCase.path}/nowhere?token=secret`)
    const session = upload(tusCase, server.url(tusCase.path), seededFile(KIB), { protocol: tus({ uploadUrl }) })
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('/nowhere no longer exists on the server')
  })
})

describe('fromUpload by offsetHeaders', () => {
  it('fails when the server has more bytes than the file', async () => {
    const server = backend()
    const id = crypto.randomUUID()
    const options = { protocol: offsetHeaders({ fileId: () => id }), storage: false as const }
    const large = seededFile(2 * KIB)
    await expectUploaded(server, offsetsCase, upload(offsetsCase, server.url(offsetsCase.path), large, options), large)
    const session = upload(offsetsCase, server.url(offsetsCase.path), seededFile(KIB), options)
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('has 2048 bytes for a file of 1024 bytes')
  })

  it('uses the options statusUrl and method', async () => {
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

  it('fails when the response to the status request is not a number', async () => {
    const session = upload(offsetsCase, backend().url('/http/json'), seededFile(KIB))
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'http', retryable: false })
    expect(String(error)).toContain('instead of the number of bytes')
  })

  it('requests the offset again after a 400, 409 or 416 for a wrong start', async () => {
    for (const conflict of [400, 409, 416]) {
      const server = backend()
      const file = seededFile(MIB)
      const lossy = disturbed(offsetsCase.protocol(), 512 * KIB, (uploadUrl) =>
        digestOf(server, offsetsCase, uploadUrl, 1_000),
      )
      const url = server.url(offsetsCase.path, { conflict })
      const session = upload(offsetsCase, url, file, { protocol: lossy, chunkBytes })
      await expectUploaded(server, offsetsCase, session, file)
      expect(firstCause(session)).toBeUndefined()
    }
  })
})
