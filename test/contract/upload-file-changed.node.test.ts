import { appendFileSync, mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { seededBytes } from '../server/random.ts'
import { disturbed, KIB, MIB, upload, uploadCases } from './uploads.ts'
import { waitings } from './web-sockets.ts'

it.each(uploadCases)('fromUpload by $name fails without a retry when the file has changed on disk', async (each) => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-changed-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'file')
  writeFileSync(path, seededBytes(2 * MIB))
  const file = await openAsBlob(path)
  const protocol = disturbed(each.protocol(), MIB, async () => appendFileSync(path, 'one more line'))
  const session = upload(each, backend().url(each.path), file, { protocol, chunkBytes: 256 * KIB })
  const error = await session.ended()
  expect(error).toMatchObject({ kind: 'network', retryable: false })
  expect(String(error)).toContain('can no longer be read')
  expect(waitings(session)).toEqual([])
})
