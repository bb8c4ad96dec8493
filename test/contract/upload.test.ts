import { fromUpload } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { sha256 } from './requesters.ts'
import { digestOf, seededFile, uploadCases } from './uploads.ts'

const MIB = 1024 * 1024

for (const each of uploadCases) {
  const { name, path, protocol } = each
  describe(`fromUpload by ${name}`, () => {
    it('uploads a file', async () => {
      const server = backend()
      const file = seededFile(3 * MIB)
      const session = record(fromUpload(server.url(path), file, { protocol: protocol() }))
      expect(await session.ended()).toBe('complete')
      const [uploaded] = session.data()
      expect(uploaded).toMatchObject({ sizeBytes: 3 * MIB, status: 200 })
      expect(await digestOf(server, each, uploaded?.location ?? '')).toEqual({
        sizeBytes: 3 * MIB,
        sha256: await sha256(await file.arrayBuffer()),
      })
    })

    it('uploads 64 MiB through 50 cuts, byte for byte', async () => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ cutAtRandom: { times: 50, minBytes: 100_000, maxBytes: 2 * MIB, seed: 7, side: 'asked' } })
      const file = seededFile(64 * MIB)
      const session = record(fromUpload(proxy.url(path), file, { protocol: protocol(), reconnect: quick }))
      await expect.poll(() => session.end, { timeout: 150_000 }).toBe('complete')
      expect((await proxy.order({})).cuts).toBe(50)
      expect(await digestOf(server, each, session.data()[0]?.location ?? '')).toEqual({
        sizeBytes: 64 * MIB,
        sha256: await sha256(await file.arrayBuffer()),
      })
    }, 180_000)
  })
}
