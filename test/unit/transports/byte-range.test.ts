import { byteRange, bytes, fromFetchStream } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

const FILE = Uint8Array.from({ length: 100 }, (_, index) => index)

/** A file of 100 bytes whose first response is cut after 50. */
function serveFile(etag: string | undefined, partEtag = etag) {
  let nth = 0
  return net.route('GET', '/file', ({ headers }) => {
    nth += 1
    const from = Number(/^bytes=(\d+)-$/.exec(headers.get('range') ?? '')?.[1] ?? 0)
    const isPart = from > 0
    const tag = isPart ? partEtag : etag
    const cut = nth === 1
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(FILE.slice(from, cut ? 50 : undefined))
        if (cut) setTimeout(() => controller.error(new Error('cut')), 10)
        else controller.close()
      },
    })
    return new Response(body, {
      status: isPart ? 206 : 200,
      headers: {
        'content-length': String(100 - from),
        ...(tag !== undefined && { etag: tag }),
        ...(isPart && { 'content-range': `bytes ${from}-99/100` }),
      },
    })
  })
}

async function download() {
  const seen = recordWire(fromFetchStream('/file', { decode: bytes(), resume: byteRange() }))
  await net.advance(60_000)
  return { seen, received: seen.data.reduce((sum, piece) => sum + piece.byteLength, 0) }
}

describe('resume: byteRange()', () => {
  it('continues a file with a strong ETag', async () => {
    const { requests } = serveFile('"v1"')
    const { seen, received } = await download()
    expect(received).toBe(100)
    expect(seen.isComplete).toBe(true)
    expect(requests[1]?.headers).toMatchObject({ range: 'bytes=50-', 'if-range': '"v1"' })
  })

  it.each([undefined, 'abc', 'w/"abc"', 'W/"abc"', '""', '"a"b"', '"a b"', '"a'])(
    'does not continue or restart a file with the ETag %s',
    async (etag) => {
      const { requests } = serveFile(etag)
      const { seen, received } = await download()
      expect(received).toBe(50)
      expect(requests).toHaveLength(1)
      expect(seen.error?.message).toContain('The download cannot be resumed')
    },
  )

  it.each([undefined, '"v2"', 'W/"v1"'])('does not append a part with the ETag %s', async (partEtag) => {
    const { requests } = serveFile('"v1"', partEtag ?? '')
    const { seen, received } = await download()
    expect(received).toBe(50)
    expect(requests).toHaveLength(2)
    expect(seen.error).toMatchObject({ kind: 'truncated', retryable: false })
  })

  it.each(['0', '50', '50/100', '50 abc', '50 ""', '-1 "v1"', '50 W/"v1"', '1e3 "v1"', '50 "v1" '])(
    'refuses resumeFrom: %o at the call',
    (resumeFrom) => {
      expect(() => fromFetchStream('/file', { decode: bytes(), resume: byteRange(), resumeFrom })).toThrow(
        'resumeFrom must be the id of a message if resume is byteRange()',
      )
    },
  )
})
