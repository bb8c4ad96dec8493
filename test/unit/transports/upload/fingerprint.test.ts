import { offsetHeaders, tus } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { defaultFingerprint, fingerprintOf } from '../../../../src/transports/upload/fingerprint.ts'

const base = { name: 'a.txt', type: 'text/plain', content: 'abc', lastModified: 1 }

function fileOf(change: Partial<typeof base> = {}): File {
  const { name, type, content, lastModified } = { ...base, ...change }
  return new File([content], name, { type, lastModified })
}

const options = { protocol: tus() }
const url = 'https://example.com/files?token=secret'

describe('defaultFingerprint', () => {
  const fingerprint = (file: Blob) => defaultFingerprint(url, file, {})

  it.each([{ name: 'b.txt' }, { type: 'text/html' }, { content: 'abcd' }, { lastModified: 2 }])(
    'distinguishes files by %j',
    (change) => {
      expect(fingerprint(fileOf())).toBe(fingerprint(fileOf()))
      expect(fingerprint(fileOf(change))).not.toBe(fingerprint(fileOf()))
    },
  )

  it('is undefined for a Blob', () => {
    expect(fingerprint(new Blob(['abc']))).toBeUndefined()
  })
})

describe('fingerprintOf', () => {
  it('is the same for the same file and URL and does not contain the query', async () => {
    const one = await fingerprintOf(url, fileOf(), options)
    expect(one).toBe(await fingerprintOf(new URL(url), fileOf(), options))
    expect(one).not.toContain('secret')
  })

  it('differs for another file, URL, query, metadata or protocol', async () => {
    const all = await Promise.all([
      fingerprintOf(url, fileOf(), options),
      fingerprintOf(url, fileOf({ name: 'b.txt' }), options),
      fingerprintOf('https://example.com/other', fileOf(), options),
      fingerprintOf('https://example.com/files?album=9', fileOf(), options),
      fingerprintOf(url, fileOf(), { ...options, query: { album: 9 } }),
      fingerprintOf(url, fileOf(), { protocol: tus({ metadata: { album: '9' } }) }),
      fingerprintOf(url, fileOf(), { protocol: offsetHeaders() }),
    ])
    expect(new Set(all).size).toBe(7)
  })

  it('is undefined if the URL is a function', async () => {
    expect(await fingerprintOf(() => 'https://example.com/1', fileOf(), options)).toBeUndefined()
  })

  it('is undefined for a Blob without the fingerprint option', async () => {
    const blob = new Blob(['abc'])
    expect(await fingerprintOf(url, blob, options)).toBeUndefined()
    const told = await fingerprintOf(url, blob, { ...options, fingerprint: async () => 'told' })
    expect(told).toContain('told')
  })

  it('is undefined if the fingerprint option returns undefined', async () => {
    expect(await fingerprintOf(url, fileOf(), { ...options, fingerprint: () => undefined })).toBeUndefined()
  })

  it('rejects with a WireError if the fingerprint option throws', async () => {
    const fingerprint = () => {
      throw new RangeError('too large')
    }
    await expect(fingerprintOf(url, fileOf(), { ...options, fingerprint })).rejects.toMatchObject({
      kind: 'network',
      retryable: false,
      message: expect.stringContaining('too large'),
    })
  })

  it('rejects for a relative URL without a base', async () => {
    await expect(fingerprintOf('/files', fileOf(), options)).rejects.toMatchObject({
      kind: 'network',
      message: "url must be a valid URL, got '/files'. This host has no page, so a URL cannot be relative",
    })
  })
})
