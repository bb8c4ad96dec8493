import { byteRange, bytes, type FetchStreamOptions, fromFetchStream } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import type { PartAnswer } from '../server/routes/http-parts.ts'
import { sha256 } from './requesters.ts'

const MIB = 1024 * 1024
// Ends a hang. A shared machine moves 64 MiB in seconds or in a minute.
const LIMIT_MS = 60_000
const download = {
  decode: bytes(),
  resume: byteRange(),
  retry: { ...quick, maxRetries: Number.POSITIVE_INFINITY },
} as const

type Piece = Uint8Array<ArrayBuffer>

const sumOf = async ({ data }: Recording<Piece>) => sha256(await new Blob(data()).arrayBuffer())
const sumAt = async (url: string) => sha256(await (await fetch(url)).arrayBuffer())
const etag = '"v1"'

/** Downloads from a server that sends these responses, and resolves when the download has ended. */
async function downloadOf(...answers: PartAnswer[]): Promise<{ session: Recording<Piece>; seen: number }> {
  const server = backend()
  const url = server.url('/http/parts', { answers: JSON.stringify(answers) })
  const session = record(fromFetchStream(url, { ...download, retry: { ...quick, maxRetries: 3 } }))
  await session.ended()
  return { session, seen: (await server.stats()).seen.length }
}

const lengthOf = ({ data }: Recording<Piece>) => data().reduce((sum, { byteLength }) => sum + byteLength, 0)

describe('a download that resumes with range requests', () => {
  it('downloads 64 MiB through 50 random cuts without a wrong byte', { timeout: 3 * LIMIT_MS }, async () => {
    const server = backend()
    const proxy = await server.proxy()
    await proxy.order({ cutAtRandom: { times: 50, minBytes: 100_000, maxBytes: 1.6 * MIB, seed: 64 } })
    const query = { bytes: 64 * MIB }
    const session = record(fromFetchStream(proxy.url('/http/range', query), download))
    await expect.poll(() => session.end, { timeout: LIMIT_MS }).toBe('complete')
    expect((await proxy.order({})).cuts).toBe(50)
    expect(lengthOf(session)).toBe(64 * MIB)
    expect(await sumOf(session)).toBe(await sumAt(server.url('/http/range', query)))
    const progress = session.events.flatMap((event) => (event.type === 'progress' ? [event] : []))
    expect(progress.at(-1)).toMatchObject({ loaded: 64 * MIB, total: 64 * MIB })
    expect(progress.every(({ loaded }, index) => loaded > (progress[index - 1]?.loaded ?? 0))).toBe(true)
  })

  it('resumes where another page has stopped', async () => {
    const server = backend()
    const url = server.url('/http/range', { bytes: MIB })
    const early = record(fromFetchStream(url, download), ({ type }) => {
      if (type === 'message') queueMicrotask(() => early.stop())
    })
    await early.until('message')
    const resumeFrom = early.events.flatMap((event) => (event.type === 'message' ? [event.id] : [])).at(-1)
    const late = record(fromFetchStream(url, { ...download, resumeFrom }))
    expect(await late.ended()).toBe('complete')
    expect(lengthOf(early)).toBeGreaterThan(0)
    expect(await sha256(await new Blob([...early.data(), ...late.data()]).arrayBuffer())).toBe(await sumAt(url))
  })

  it('completes when the connection drops after the last byte', async () => {
    const server = backend()
    const session = record(fromFetchStream(server.url('/http/range', { bytes: 5_000, drop: 5_000 }), download))
    expect(await session.ended()).toBe('complete')
    expect(lengthOf(session)).toBe(5_000)
    expect((await server.stats()).seen).toHaveLength(2)
  })

  it.each([
    ['has changed', { changes: 2 }, 'has changed: it was "v1" and is "v2"'],
    ['is served without range support', { noRanges: 1 }, 'does not support ranges'],
  ])('fails instead of mixing two bodies when the file %s', async (_, query, words) => {
    const server = backend()
    const url = server.url('/http/range', { bytes: 50_000, drop: 20_000, ...query })
    const session = record(fromFetchStream(url, download))
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'truncated', retryable: false })
    expect(String(error)).toContain(words)
    expect(lengthOf(session)).toBe(20_000)
    expect((await server.stats()).seen).toHaveLength(2)
  })

  it('does not resume a file without a strong ETag', async () => {
    const server = backend()
    const session = record(
      fromFetchStream(server.url('/http/range', { bytes: 50_000, drop: 20_000, weak: 1 }), download),
    )
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'network', retryable: false })
    expect(String(error)).toContain('no strong ETag')
    expect((await server.stats()).seen).toHaveLength(1)
  })

  it('requests the rest when the server sends a shorter range than requested', async () => {
    const { session, seen } = await downloadOf(
      { status: 200, headers: { etag, 'content-length': 1_000 }, bytes: 400, isLost: true },
      { status: 206, headers: { etag, 'content-range': 'bytes 400-499/1000', 'content-length': 100 }, bytes: 100 },
      { status: 206, headers: { etag, 'content-range': 'bytes 500-999/1000', 'content-length': 500 }, bytes: 500 },
    )
    expect(session.end).toBe('complete')
    expect(lengthOf(session)).toBe(1_000)
    expect(seen).toBe(3)
    const totals = session.events.flatMap((event) => (event.type === 'progress' ? [event.total] : []))
    expect(new Set(totals)).toEqual(new Set([1_000]))
  })

  it('requests the rest when the server responds with a range unasked', async () => {
    const { session } = await downloadOf(
      { status: 206, headers: { etag, 'content-range': 'bytes 0-499/1000' }, bytes: 500 },
      { status: 206, headers: { etag, 'content-range': 'bytes 500-999/1000' }, bytes: 500 },
    )
    expect(session.end).toBe('complete')
    expect(lengthOf(session)).toBe(1_000)
  })

  it('completes when a range is refused that starts at the known length', async () => {
    const { session } = await downloadOf(
      { status: 206, headers: { etag, 'content-range': 'bytes 0-499/500' }, bytes: 500, isLost: true },
      { status: 416 },
    )
    expect(session.end).toBe('complete')
    expect(lengthOf(session)).toBe(500)
  })

  const interrupted = { status: 200, headers: { etag, 'content-length': 1_000 }, bytes: 400, isLost: true } as const
  const beginning = { status: 200, headers: { etag }, bytes: 400, isLost: true } as const
  it.each<[string, string, readonly [PartAnswer, PartAnswer]]>([
    [
      'a range of another version',
      'has changed: it was "v1" and is "v2"',
      [interrupted, { status: 206, headers: { etag: '"v2"', 'content-range': 'bytes 400-999/1000' }, bytes: 600 }],
    ],
    [
      'a range of a file with another length',
      'has changed: it had 1000 bytes and has 800',
      [interrupted, { status: 206, headers: { etag, 'content-range': 'bytes 400-799/800' }, bytes: 400 }],
    ],
    [
      'a range with another start',
      'sent bytes 300-999/1000 in response to a request for the bytes after 400',
      [interrupted, { status: 206, headers: { etag, 'content-range': 'bytes 300-999/1000' }, bytes: 700 }],
    ],
    ['a refused range without a known length', 'but the response has none', [beginning, { status: 416 }]],
    ['a refused range before the known length', 'but the response has none', [interrupted, { status: 416 }]],
    [
      'a refused range with another length',
      'bytes */300',
      [beginning, { status: 416, headers: { 'content-range': 'bytes */300' } }],
    ],
  ])('fails on %s and delivers none of its bytes', async (_, words, answers) => {
    const { session, seen } = await downloadOf(...answers)
    expect(session.end).toMatchObject({ kind: 'truncated', retryable: false })
    expect(String(session.end)).toContain(words)
    expect(lengthOf(session)).toBe(400)
    expect(seen).toBe(2)
  })

  it('accepts a range with a hidden Content-Range if it ends at the known length', async () => {
    const { session, seen } = await downloadOf(interrupted, { status: 206, headers: { etag }, bytes: 600 })
    expect(session.end).toBe('complete')
    expect(lengthOf(session)).toBe(1_000)
    expect(seen).toBe(2)
  })

  it('fails when no header proves that the file is complete', async () => {
    const { session, seen } = await downloadOf(
      beginning,
      { status: 206, headers: { etag }, bytes: 600 },
      { status: 416 },
    )
    expect(session.end).toMatchObject({ kind: 'truncated', retryable: false })
    expect(String(session.end)).toContain('Access-Control-Expose-Headers')
    expect(lengthOf(session)).toBe(1_000)
    expect(seen).toBe(3)
  })

  it('fails when the first response is a range that does not start at 0', async () => {
    const { session } = await downloadOf({
      status: 206,
      headers: { etag, 'content-range': 'bytes 500-999/1000' },
      bytes: 500,
    })
    expect(session.end).toMatchObject({ kind: 'truncated', retryable: false })
    expect(lengthOf(session)).toBe(0)
  })

  it('does not resume a compressed body, even if Content-Encoding is not exposed', async () => {
    const { session, seen } = await downloadOf({
      status: 200,
      headers: { etag, 'content-length': 1_000, 'access-control-expose-headers': 'etag' },
      bytes: 50_000,
      isCompressed: true,
      isLost: true,
    })
    expect(session.end).toMatchObject({ kind: 'network', retryable: false })
    expect(String(session.end)).toContain('is compressed')
    expect(lengthOf(session)).toBe(50_000)
    expect(seen).toBe(1)
  })

  it('fails when the headers function sets a range header', async () => {
    const server = backend()
    const headers = () => ({ range: 'bytes=0-9' })
    const session = record(fromFetchStream(server.url('/http/range'), { ...download, headers }))
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'network', retryable: false })
    expect(String(error)).toContain('headers must not contain one')
    expect((await server.stats()).seen).toHaveLength(0)
  })

  it.each<[string, Partial<FetchStreamOptions<Piece>>]>([
    ['headers', { headers: { Range: 'bytes=0-9' } }],
    ['method', { method: 'POST' }],
    ['decode', { decode: undefined }],
    ['idOf', { idOf: () => '1' }],
    ['resumeFrom', { resumeFrom: '20000' }],
    ['resume', { resume: 'range' as never }],
  ])('throws on %s if it excludes range requests', (name, options) => {
    const call = () => fromFetchStream('/', { ...download, ...options } as typeof download)
    expect(call).toThrow(TypeError)
    expect(call).toThrow(name)
  })
})
