import { cancelUpload, type Uploaded, type UploadOptions, type WireEvent } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import {
  digestOf,
  KIB,
  loseUpload,
  MIB,
  offsetsCase,
  ownStorage,
  placesIn,
  seededFile,
  sentTo,
  tusCase,
  type UploadCase,
  uploadCases,
  uploadUpTo,
} from './uploads.ts'

const chunkBytes = 256 * KIB

function cancel(
  each: UploadCase,
  url: string,
  file: Blob,
  storage: UploadOptions['storage'],
  onEvent?: (event: WireEvent<Uploaded>) => void,
): Recording<Uploaded> {
  return record<Uploaded>(cancelUpload(url, file, { protocol: each.protocol(), reconnect: quick, storage }), onEvent)
}

/** Starts an upload and unsubscribes. */
async function startUpload(each: UploadCase, query: Record<string, string | number> = {}) {
  const server = backend()
  const url = server.url(each.path, query)
  const file = seededFile(MIB)
  const storage = ownStorage()
  await uploadUpTo(512 * KIB, each, url, file, { chunkBytes, storage })
  return { server, url, file, storage, place: placesIn(storage)[0] ?? '' }
}

describe.each(uploadCases)('cancelUpload by $name', (each) => {
  it('removes the stored upload', async () => {
    const { url, file, storage } = await startUpload(each)
    const session = cancel(each, url, file, storage)
    expect(await session.ended()).toBe('complete')
    expect(session.events.at(-1)).toEqual({ type: 'close', reason: 'cancelled', wasClean: true })
    expect(storage.items.size).toBe(0)
  })

  it('completes without a request if no upload is stored', async () => {
    const server = backend()
    const session = cancel(each, server.url(each.path), seededFile(KIB), ownStorage())
    expect(await session.ended()).toBe('complete')
    expect(session.types()).toEqual(['connecting', 'close'])
    expect(await sentTo(server)).toEqual([])
  })
})

describe('cancelUpload by tus', () => {
  it('deletes the upload on the server', async () => {
    const { url, file, storage, place } = await startUpload(tusCase)
    const session = cancel(tusCase, url, file, storage)
    expect(await session.ended()).toBe('complete')
    expect(session.types()).toEqual(['connecting', 'open', 'close'])
    const asked = await fetch(place, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })
    expect(asked.status).toBe(404)
  })

  it('completes if the server no longer has the upload', async () => {
    const { server, url, file, storage, place } = await startUpload(tusCase)
    await loseUpload(server, tusCase, place)
    expect(await cancel(tusCase, url, file, storage).ended()).toBe('complete')
    expect(storage.items.size).toBe(0)
  })

  it.each([405, 501])('completes if the server cannot delete uploads (%i)', async (refuse) => {
    const { url, file, storage } = await startUpload(tusCase, { refuse, on: 'DELETE' })
    expect(await cancel(tusCase, url, file, storage).ended()).toBe('complete')
    expect(storage.items.size).toBe(0)
  })

  it('retries after a 503, and keeps the stored upload until the server has deleted it', async () => {
    const { url, file, storage, place } = await startUpload(tusCase, { refuse: 503, on: 'DELETE', times: 2 })
    const remembered: number[] = []
    const session = cancel(tusCase, url, file, storage, ({ type }) => {
      if (type === 'waiting') remembered.push(storage.items.size)
    })
    expect(await session.ended()).toBe('complete')
    expect(remembered).toEqual([1, 1])
    expect(storage.items.size).toBe(0)
    expect((await fetch(place, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })).status).toBe(404)
  })

  it('fails after five retries if the server stays unavailable, and can be called again', async () => {
    const { url, file, storage } = await startUpload(tusCase, { refuse: 503, on: 'DELETE' })
    const session = cancel(tusCase, url, file, storage)
    expect(await session.ended()).toMatchObject({ status: 503 })
    expect(session.types().filter((type) => type === 'connecting')).toHaveLength(6)
    expect(storage.items.size).toBe(1)
  })

  it('fails if the server forbids it', async () => {
    const { url, file, storage } = await startUpload(tusCase, { refuse: 403, on: 'DELETE' })
    expect(await cancel(tusCase, url, file, storage).ended()).toMatchObject({ status: 403 })
    expect(storage.items.size).toBe(1)
  })

  it('waits for an upload that is locked', async () => {
    const { url, file, storage, place } = await startUpload(tusCase, { refuse: 423, on: 'DELETE', times: 2 })
    expect(await cancel(tusCase, url, file, storage).ended()).toBe('complete')
    expect(storage.items.size).toBe(0)
    expect((await fetch(place, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })).status).toBe(404)
  })
})

describe('cancelUpload by offsetHeaders', () => {
  it('keeps the bytes on the server, because the protocol cannot delete them', async () => {
    const { server, url, file, storage, place } = await startUpload(offsetsCase)
    const session = cancel(offsetsCase, url, file, storage)
    expect(await session.ended()).toBe('complete')
    expect(session.types()).toEqual(['connecting', 'close'])
    expect((await digestOf(server, offsetsCase, place)).sizeBytes).toBe(512 * KIB)
  })
})
