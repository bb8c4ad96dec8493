import { offsetHeaders, type UploadProtocol, type UploadRequest } from 'rxwire'
import { describe, expect, it } from 'vitest'

/** Starts an upload to a server that responds with `text`. */
async function begun(protocol: UploadProtocol, file: Blob, text = '0') {
  const requests: UploadRequest[] = []
  const { location, at } = await protocol.begin(file, async (request) => {
    requests.push(request)
    return { url: 'https://example.com/upload', status: 200, headers: new Headers(), bodyText: text }
  })
  return { requests, location, offset: at.offset }
}

describe('offsetHeaders', () => {
  const file = new File(['abc'], 'a.txt', { lastModified: 7 })

  it('asks for the stored bytes of the file by its name, size and date', async () => {
    const { requests, location, offset } = await begun(offsetHeaders(), file, ' 2\n')
    expect(location).toBe('a.txt-3-7')
    expect(offset).toBe(2)
    expect(requests).toEqual([{ method: 'GET', url: undefined, headers: { 'x-file-id': 'a.txt-3-7' } }])
  })

  it('encodes any file name in a header', async () => {
    const { location } = await begun(offsetHeaders(), new File([], '\u2603 \u00e4.txt', { lastModified: 7 }), '0')
    expect(location).toMatch(/^[\x21-\x7e]+$/)
    expect(decodeURIComponent(location)).toBe('\u2603 \u00e4.txt-0-7')
  })

  it('identifies a Blob by a random id', async () => {
    const blob = new Blob(['abc'])
    const [one, other] = await Promise.all([begun(offsetHeaders(), blob), begun(offsetHeaders(), blob)])
    expect(one.location).not.toBe(other.location)
  })

  it('identifies a file by the fileId option', async () => {
    const { location } = await begun(offsetHeaders({ fileId: ({ size }) => `of ${size}` }), file)
    expect(location).toBe('of%203')
  })

  it('sends an empty file at once, because it has no chunk to send later', async () => {
    const { requests } = await begun(offsetHeaders({ method: 'PUT' }), new File([], 'a.txt', { lastModified: 7 }))
    expect(requests).toMatchObject([
      { method: 'PUT', headers: { 'x-file-id': 'a.txt-0-7', 'x-start-byte': '0', 'x-file-size': '0' } },
    ])
  })

  it.each(['', '-1', '1.5', 'none', '{"offset":1}'])('rejects %j as a number of bytes', async (text) => {
    await expect(begun(offsetHeaders(), file, text)).rejects.toMatchObject({ kind: 'http', retryable: false })
  })
})
