import { offsetHeaders, type UploadProtocol, type UploadRequest } from 'rxwire'
import { describe, expect, it } from 'vitest'

/** Starts an upload to a server that responds with `text`. */
async function created(protocol: UploadProtocol, file: Blob, text = '0') {
  const requests: UploadRequest[] = []
  const { uploadUrl, at } = await protocol.create(file, async (request) => {
    requests.push(request)
    return { url: 'https://example.com/upload', status: 200, headers: new Headers(), bodyText: text }
  })
  return { requests, uploadUrl, offset: at.offset }
}

describe('offsetHeaders', () => {
  const file = new File(['abc'], 'a.txt', { lastModified: 7 })

  it('asks for the stored bytes of the file by its name, size and date', async () => {
    const { requests, uploadUrl, offset } = await created(offsetHeaders(), file, ' 2\n')
    expect(uploadUrl).toBe('a.txt-3-7')
    expect(offset).toBe(2)
    expect(requests).toEqual([{ method: 'GET', url: undefined, headers: { 'x-file-id': 'a.txt-3-7' } }])
  })

  it('encodes any file name in a header', async () => {
    const { uploadUrl } = await created(offsetHeaders(), new File([], '\u2603 \u00e4.txt', { lastModified: 7 }), '0')
    expect(uploadUrl).toMatch(/^[\x21-\x7e]+$/)
    expect(decodeURIComponent(uploadUrl)).toBe('\u2603 \u00e4.txt-0-7')
  })

  it('identifies a Blob by a random id', async () => {
    const blob = new Blob(['abc'])
    const [one, other] = await Promise.all([created(offsetHeaders(), blob), created(offsetHeaders(), blob)])
    expect(one.uploadUrl).not.toBe(other.uploadUrl)
  })

  it('identifies a file by the fileId option', async () => {
    const { uploadUrl } = await created(offsetHeaders({ fileId: ({ size }) => `of ${size}` }), file)
    expect(uploadUrl).toBe('of%203')
  })

  it('sends an empty file at once, because it has no chunk to send later', async () => {
    const { requests } = await created(offsetHeaders({ method: 'PUT' }), new File([], 'a.txt', { lastModified: 7 }))
    expect(requests).toMatchObject([
      { method: 'PUT', headers: { 'x-file-id': 'a.txt-0-7', 'x-start-byte': '0', 'x-file-size': '0' } },
    ])
  })

  it.each(['', '-1', '1.5', 'none', '{"offset":1}'])('rejects %j as a number of bytes', async (text) => {
    await expect(created(offsetHeaders(), file, text)).rejects.toMatchObject({ kind: 'http', retryable: false })
  })
})
