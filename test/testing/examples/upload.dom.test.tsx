import { fromUpload, tus } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { net } from './net.ts'

test('an interrupted upload resumes at the last stored byte', async () => {
  const server = net.upload('/files')
  const file = new File(['0123456789'.repeat(1_000)], 'a.txt')
  server.cutAfterBytes(4_000)
  const upload = recordWire(fromUpload('/files', file, { protocol: tus() }))
  await net.advance(5_000)
  expect(server.requests.map(({ headers }) => headers['upload-offset'])).toContain('4000')
  expect(server.files).toMatchObject([{ size: 10_000, isComplete: true }])
  expect(upload.isComplete).toBe(true)
})
