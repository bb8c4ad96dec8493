import type { WireProgress } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import type { Recording } from '../record.ts'
import { digestOf, disturbed, expectUploaded, KIB, MIB, seededFile, upload, uploadCases } from './uploads.ts'

const chunkBytes = 256 * KIB

function progressOf<T>({ events }: Recording<T>): WireProgress[] {
  return events.filter((event) => event.type === 'progress')
}

function expectNeverBack(values: readonly number[]): void {
  expect(values).toEqual(values.toSorted((one, other) => one - other))
}

for (const each of uploadCases) {
  const { name, path, protocol } = each
  describe(`the progress of fromUpload by ${name}`, () => {
    it('never decreases across cuts', async () => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ cutAtRandom: { times: 10, minBytes: 10_000, maxBytes: MIB, seed: 3, side: 'asked' } })
      const file = seededFile(8 * MIB)
      const session = upload(each, proxy.url(path), file)
      await expectUploaded(server, each, session, file)
      const seen = progressOf(session)
      expectNeverBack(seen.map(({ loaded }) => loaded))
      for (const { loaded, total, acknowledged = Number.NaN } of seen) {
        expect(total).toBe(file.size)
        expect(acknowledged).toBeLessThanOrEqual(loaded)
      }
    })

    it('reports the confirmed bytes after each chunk', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const session = upload(each, server.url(path), file, { chunkBytes })
      await expectUploaded(server, each, session, file)
      const acknowledged = new Set(progressOf(session).map((progress) => progress.acknowledged))
      expect([...acknowledged]).toEqual([0, 1, 2, 3, 4].map((pieces) => pieces * chunkBytes))
      expect(progressOf(session).at(-1)).toEqual({
        type: 'progress',
        direction: 'upload',
        loaded: file.size,
        total: file.size,
        acknowledged: file.size,
      })
    })

    it('decreases `acknowledged` but not `loaded` when the server loses bytes', async () => {
      const server = backend()
      const file = seededFile(MIB)
      const lossy = disturbed(protocol(), 512 * KIB, (uploadUrl) => digestOf(server, each, uploadUrl, 1_000))
      const session = upload(each, server.url(path), file, { protocol: lossy, chunkBytes })
      await expectUploaded(server, each, session, file)
      const seen = progressOf(session)
      expectNeverBack(seen.map(({ loaded }) => loaded))
      const after = seen.findIndex(({ acknowledged }) => acknowledged === 512 * KIB)
      expect(seen.slice(after).map(({ acknowledged }) => acknowledged)).toContain(1_000)
    })

    it('is emitted between `open` and `message`', async () => {
      const session = upload(each, backend().url(path), seededFile(MIB), { chunkBytes })
      await session.ended()
      const types = session.types().filter((type, at, all) => type !== all[at - 1])
      expect(types).toEqual(['connecting', 'open', 'progress', 'message', 'close'])
    })

    // `fetch` does not report the progress of a request body.
    it.skipIf(typeof XMLHttpRequest === 'undefined')('includes sent bytes that are not confirmed yet', async () => {
      const server = backend()
      const proxy = await server.proxy()
      await proxy.order({ bytesPerSecond: 12 * MIB })
      // Larger than the buffers of a network stack.
      const file = seededFile(16 * MIB)
      const session = upload(each, proxy.url(path), file)
      expect(await session.ended()).toBe('complete')
      const underway = progressOf(session).filter(({ acknowledged }) => acknowledged === 0)
      expect(underway.some(({ loaded }) => loaded > 0 && loaded < file.size)).toBe(true)
    })
  })
}
