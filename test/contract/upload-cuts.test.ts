import { fromUpload } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { expectUploaded, MIB, seededFile, upload, uploadCases } from './uploads.ts'

for (const each of uploadCases) {
  const { name, path, protocol } = each
  describe(`fromUpload by ${name}`, () => {
    it('uploads a file with no option except the protocol', async () => {
      const server = backend()
      const file = seededFile(3 * MIB)
      const session = record(fromUpload(server.url(path), file, { protocol: protocol() }))
      await expectUploaded(server, each, session, file)
      expect(session.data()).toMatchObject([{ sizeBytes: 3 * MIB, status: 200 }])
      expect(new Set(session.types())).toEqual(new Set(['connecting', 'open', 'progress', 'message', 'close']))
    })

    it('uploads 64 MiB through 50 cuts without a wrong byte', { timeout: 200_000 }, async () => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ cutAtRandom: { times: 50, minBytes: 100_000, maxBytes: 2 * MIB, seed: 7, side: 'asked' } })
      const file = seededFile(64 * MIB)
      const session = upload(each, proxy.url(path), file)
      await expect.poll(() => session.end, { timeout: 180_000 }).toBe('complete')
      expect((await proxy.order({})).cuts).toBe(50)
      await expectUploaded(server, each, session, file)
    })
  })
}
