import { setHintHandler, tus } from 'rxwire'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { memoryStorage } from '../../../../src/platform/storage.ts'
import { RememberedUploads, rememberedUploads } from '../../../../src/transports/upload/stored-upload.ts'
import { networkForEachTest } from '../../support/net.ts'

const net = networkForEachTest()

const KEY = 'rxwire-uploads'
const protocol = tus()

describe('RememberedUploads', () => {
  it('finds an upload until it is forgotten', () => {
    const uploads = new RememberedUploads(memoryStorage(), 1_000)
    uploads.set('a', '/1')
    uploads.set('b', '/2')
    uploads.set('a', '/3')
    expect(['a', 'b', 'c'].map((fingerprint) => uploads.get(fingerprint))).toEqual(['/3', '/2', undefined])
    uploads.delete('a')
    expect(['a', 'b'].map((fingerprint) => uploads.get(fingerprint))).toEqual([undefined, '/2'])
  })

  it('removes its storage item with the last upload', () => {
    const storage = memoryStorage()
    const uploads = new RememberedUploads(storage, 1_000)
    uploads.set('a', '/1')
    expect(storage.getItem(KEY)).not.toBeNull()
    uploads.delete('a')
    expect(storage.getItem(KEY)).toBeNull()
  })

  it('does not write to the storage if there is nothing to forget', () => {
    const storage = { ...memoryStorage(), setItem: vi.fn(), removeItem: vi.fn() }
    new RememberedUploads(storage, 1_000).delete('a')
    expect(storage.setItem).not.toHaveBeenCalled()
    expect(storage.removeItem).not.toHaveBeenCalled()
  })

  it('keeps each upload for the time that was set when it was stored', async () => {
    const storage = memoryStorage()
    new RememberedUploads(storage, 1_000).set('long', '/1')
    new RememberedUploads(storage, 10).set('short', '/2')
    await net.advance(500)
    const uploads = new RememberedUploads(storage, 10)
    expect(['long', 'short'].map((fingerprint) => uploads.get(fingerprint))).toEqual(['/1', undefined])
  })

  it('counts the time of an upload from when it was last stored', async () => {
    const uploads = new RememberedUploads(memoryStorage(), 1_000)
    uploads.set('a', '/1')
    uploads.set('b', '/2')
    await net.advance(999)
    uploads.set('b', '/2')
    expect(uploads.get('a')).toBe('/1')
    await net.advance(1)
    expect(uploads.get('a')).toBeUndefined()
    expect(uploads.get('b')).toBe('/2')
  })

  it('removes expired uploads on each write', async () => {
    const storage = memoryStorage()
    const uploads = new RememberedUploads(storage, 1_000)
    uploads.set('a', '/1')
    await net.advance(1_000)
    uploads.set('b', '/2')
    expect(Object.keys(JSON.parse(storage.getItem(KEY) ?? ''))).toEqual(['b'])
  })

  it.each(['', 'null', '[]', '5', '{', '{"a":null}', '{"a":{"location":"/1"}}'])('starts over after %j', (found) => {
    const storage = memoryStorage()
    storage.setItem(KEY, found)
    const uploads = new RememberedUploads(storage, 1_000)
    expect(uploads.get('a')).toBeUndefined()
    uploads.set('a', '/2')
    expect(uploads.get('a')).toBe('/2')
  })

  it('works with a storage that throws and gives one hint', () => {
    const hints = vi.fn()
    setHintHandler(hints)
    onTestFinished(() => setHintHandler(undefined))
    const fail = () => {
      throw new Error('full')
    }
    const uploads = new RememberedUploads({ getItem: fail, setItem: fail, removeItem: fail }, 1_000)
    expect(uploads.get('a')).toBeUndefined()
    uploads.set('a', '/1')
    uploads.delete('a')
    expect(hints).toHaveBeenCalledExactlyOnceWith({ topic: 'upload', message: expect.stringContaining('storage') })
  })
})

describe('rememberedUploads', () => {
  it('remembers an upload for a day by default', async () => {
    const storage = memoryStorage()
    const options = { protocol, storage }
    rememberedUploads(options)?.set('a', '/1')
    await net.advance(24 * 60 * 60 * 1_000 - 1)
    expect(rememberedUploads(options)?.get('a')).toBe('/1')
    await net.advance(1)
    expect(rememberedUploads(options)?.get('a')).toBeUndefined()
  })

  it('remembers nothing if storage is false', () => {
    expect(rememberedUploads({ protocol, storage: false })).toBeUndefined()
  })

  it('uses the storage of the host by default', () => {
    rememberedUploads({ protocol })?.set('of the host', '/1')
    expect(rememberedUploads({ protocol })?.get('of the host')).toBe('/1')
    rememberedUploads({ protocol })?.delete('of the host')
  })
})
