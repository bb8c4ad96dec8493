import { tus, type UploadMetadata, type UploadRequest } from 'rxwire'
import { describe, expect, it } from 'vitest'

/** The request that announces a file. The response has only what the protocol requires. */
async function announced(
  file: Blob,
  metadata?: UploadMetadata | ((file: Blob) => UploadMetadata),
): Promise<UploadRequest> {
  const requests: UploadRequest[] = []
  await tus({ metadata }).create(file, async (request) => {
    requests.push(request)
    const headers = new Headers({ location: '/files/1' })
    return { url: 'https://example.com/files', status: 201, headers, bodyText: '' }
  })
  return requests[0] as UploadRequest
}

/** Metadata as a server decodes it: Base64 of UTF-8 bytes. */
function read(header = ''): Record<string, string> {
  const pairs = header.split(',').map((pair) => pair.split(' ') as [string, string])
  return Object.fromEntries(pairs.map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]))
}

describe('tus', () => {
  it('announces a file with its size, name and type', async () => {
    const { method, url, headers } = await announced(new File(['abc'], 'a.txt', { type: 'text/plain' }))
    expect({ method, url }).toEqual({ method: 'POST', url: undefined })
    expect(headers).toMatchObject({ 'tus-resumable': '1.0.0', 'upload-length': '3' })
    expect(read(headers?.['upload-metadata'])).toEqual({ filename: 'a.txt', filetype: 'text/plain' })
  })

  it('announces a Blob with its size only', async () => {
    const { headers } = await announced(new Blob(['abc']))
    expect(headers).toEqual({ 'tus-resumable': '1.0.0', 'upload-length': '3' })
  })

  it('encodes any text in the metadata', async () => {
    const metadata = {
      filename: '\u2603 \u{1f600} na\u00efve, r\u00e9sum\u00e9.txt',
      empty: '',
      long: '\u00e4'.repeat(10_000),
    }
    const { headers } = await announced(new Blob(), metadata)
    expect(read(headers?.['upload-metadata'])).toEqual(metadata)
    expect(headers?.['upload-metadata']).toMatch(/^[\x20-\x7e]+$/)
  })

  it('calls a metadata function for each file', async () => {
    const { headers } = await announced(new Blob(['abc']), ({ size }) => ({ size: String(size) }))
    expect(read(headers?.['upload-metadata'])).toEqual({ size: '3' })
  })

  it.each(['', 'a b', 'a,b', 'n\u00e4me', 'a\nb'])('throws a TypeError for the metadata name %j', (name) => {
    expect(() => tus({ metadata: { [name]: '1' } })).toThrow(TypeError)
  })

  it('resolves the upload URL against the URL of the response', async () => {
    const response = { url: 'https://other.example/a/files', status: 201, bodyText: '' }
    for (const [location, uploadUrl] of [
      ['1', 'https://other.example/a/1'],
      ['/files/1', 'https://other.example/files/1'],
      ['https://third.example/1', 'https://third.example/1'],
    ] as const) {
      const created = await tus().create(new Blob(), async () => ({ ...response, headers: new Headers({ location }) }))
      expect(created.uploadUrl).toBe(uploadUrl)
    }
  })

  it.each(['', '-1', '1.5', 'five', '1e3'])('rejects %j as an offset', async (offset) => {
    const response = { url: 'https://example.com/1', status: 200, bodyText: '' }
    const position = tus().getOffset('/1', new Blob(), async () => ({
      ...response,
      headers: new Headers({ 'upload-offset': offset }),
    }))
    await expect(position).rejects.toMatchObject({ kind: 'http', message: expect.stringContaining('Upload-Offset') })
  })
})
