import { fromUpload, type TusOptions, tus } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../../support/net.ts'

const net = networkForEachTest()

/** Uploads a file. Returns the request that announces it, and the file on the server. */
async function announced(file: Blob, options: TusOptions = {}) {
  const server = net.upload('/files')
  recordWire(fromUpload('/files', file, { protocol: tus(options), storage: false }))
  await net.advance()
  return { request: server.requests[0], file: server.files[0] }
}

describe('tus', () => {
  it('announces a file with its size, name and type', async () => {
    const { request, file } = await announced(new File(['abc'], 'a.txt', { type: 'text/plain' }))
    expect(request).toMatchObject({ method: 'POST', url: '/files', headers: { 'tus-resumable': '1.0.0' } })
    expect(file).toMatchObject({ size: 3, metadata: { filename: 'a.txt', filetype: 'text/plain' } })
  })

  it('announces a Blob with its size only', async () => {
    const { request } = await announced(new Blob(['abc']))
    expect(request?.headers).toEqual({ 'tus-resumable': '1.0.0', 'upload-length': '3' })
  })

  it('encodes any text in the metadata', async () => {
    const metadata = {
      filename: '\u2603 \u{1f600} na\u00efve, r\u00e9sum\u00e9.txt',
      empty: '',
      long: '\u00e4'.repeat(10_000),
    }
    const { request, file } = await announced(new Blob(), { metadata })
    expect(file?.metadata).toEqual(metadata)
    expect(request?.headers['upload-metadata']).toMatch(/^[\x20-\x7e]+$/)
  })

  it('calls a metadata function for each file', async () => {
    const { file } = await announced(new Blob(['abc']), { metadata: ({ size }) => ({ size: String(size) }) })
    expect(file?.metadata).toEqual({ size: '3' })
  })

  it.each(['', 'a b', 'a,b', 'n\u00e4me', 'a\nb'])('throws a TypeError for the metadata name %j', (name) => {
    expect(() => tus({ metadata: { [name]: '1' } })).toThrow(TypeError)
  })

  it.each([
    ['1', 'https://other.example/a/1'],
    ['/files/1', 'https://other.example/files/1'],
    ['https://third.example/1', 'https://third.example/1'],
  ])('resolves the location %s against the URL of the response', async (location, uploadUrl) => {
    const created = new Response(null, { status: 201, headers: { location, 'upload-offset': '0' } })
    net.route('POST', '/files', () => Response.redirect('https://other.example/a/files', 307))
    net.route('POST', 'https://other.example/a/files', () => created)
    net.route('PATCH', uploadUrl, () => new Response(null, { status: 204, headers: { 'upload-offset': '3' } }))
    const upload = recordWire(fromUpload('/files', new Blob(['abc']), { protocol: tus() }))
    await net.advance()
    expect(upload).toDeliver([expect.objectContaining({ uploadUrl })])
  })

  it.each(['', '-1', '1.5', 'five', '1e3'])('rejects %j as an offset', async (offset) => {
    net.route('HEAD', '/files/1', () => new Response(null, { headers: { 'upload-offset': offset } }))
    const upload = recordWire(fromUpload('/files', new Blob(), { protocol: tus({ uploadUrl: '/files/1' }) }))
    await net.advance()
    expect(upload).toFailWith({ kind: 'http', message: expect.stringContaining('Upload-Offset') })
  })
})
