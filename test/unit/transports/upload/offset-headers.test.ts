import { fromUpload, type OffsetHeadersOptions, offsetHeaders } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../../support/net.ts'

const net = networkForEachTest()
const file = new File(['abc'], 'a.txt', { lastModified: 7 })

/** Starts an upload to a server that responds with `text`. */
async function started(file: Blob, options?: OffsetHeadersOptions, text = '0') {
  const server = net.route('*', '/upload', () => text)
  const upload = recordWire(fromUpload('/upload', file, { protocol: offsetHeaders(options), storage: false }))
  await net.advance()
  const ids = server.requests.map(({ headers }) => headers['x-file-id'])
  return { upload, requests: server.requests, id: String(ids[0]) }
}

describe('offsetHeaders', () => {
  it('asks for the stored bytes of the file by its name, size and date, and sends the rest', async () => {
    const { requests } = await started(file, {}, ' 2\n')
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/upload', headers: { 'x-file-id': 'a.txt-3-7' } })
    const headers = { 'x-file-id': 'a.txt-3-7', 'x-start-byte': '2', 'x-file-size': '3' }
    expect(requests[1]).toMatchObject({ method: 'POST', headers, body: 'c' })
  })

  it('encodes any file name in a header', async () => {
    const { id } = await started(new File([], '\u2603 \u00e4.txt', { lastModified: 7 }))
    expect(id).toMatch(/^[\x21-\x7e]+$/)
    expect(decodeURIComponent(id)).toBe('\u2603 \u00e4.txt-0-7')
  })

  it('identifies a Blob by a random id', async () => {
    const [one, other] = [await started(new Blob(['abc'])), await started(new Blob(['abc']))]
    expect(one.id).not.toBe(other.id)
  })

  it('identifies a file by the fileId option', async () => {
    expect((await started(file, { fileId: ({ size }) => `of ${size}` })).id).toBe('of%203')
  })

  it('sends an empty file at once, because it has no chunk to send later', async () => {
    const { requests } = await started(new File([], 'a.txt', { lastModified: 7 }), { method: 'PUT' })
    const headers = { 'x-file-id': 'a.txt-0-7', 'x-start-byte': '0', 'x-file-size': '0' }
    expect(requests).toMatchObject([{ method: 'PUT', headers }])
  })

  it.each(['', '-1', '1.5', 'none', '{"offset":1}'])('rejects %j as a number of bytes', async (text) => {
    const { upload } = await started(file, {}, text)
    expect(upload).toFailWith({ kind: 'http', retryable: false })
  })
})
