import { cancelUpload, fromUpload, tus, type UploadOptions } from 'rxwire'
import { describe, expect, it } from 'vitest'

const file = new Blob(['abc'])
const protocol = tus()
const url = 'https://example.com/files'

describe.each([
  ['fromUpload', fromUpload],
  ['cancelUpload', cancelUpload],
])('%s', (_, create) => {
  it.each<[string, unknown, unknown, unknown]>([
    ['url', 'http://', file, { protocol }],
    ['url', 'https://user:secret@example.com/', file, { protocol }],
    ['file', url, 'a name', { protocol }],
    ['file', url, undefined, { protocol }],
    ['protocol', url, file, undefined],
    ['protocol', url, file, {}],
    ['protocol', url, file, { protocol: tus }],
    ['chunkBytes', url, file, { protocol, chunkBytes: 0 }],
    ['stallTimeoutMs', url, file, { protocol, stallTimeoutMs: 0 }],
    ['rememberForMs', url, file, { protocol, rememberForMs: Number.NaN }],
    ['fingerprint', url, file, { protocol, fingerprint: 'mine' }],
    ['storage', url, file, { protocol, storage: true }],
    ['headers', url, file, { protocol, headers: { 'a b': '1' } }],
    ['credentials', url, file, { protocol, credentials: 'always' }],
    ['credentials', url, file, { protocol, credentials: 'omit' }],
    ['reconnect: maxRetries', url, file, { protocol, reconnect: { maxRetries: -1 } }],
  ])('throws a TypeError that names an invalid %s', (option, url, file, options) => {
    expect(() => create(url as string, file as Blob, options as UploadOptions)).toThrow(TypeError)
    expect(() => create(url as string, file as Blob, options as UploadOptions)).toThrow(option)
  })

  it('accepts a relative URL, which the browser resolves', () => {
    expect(() => create('/files', file, { protocol })).not.toThrow()
  })
})
