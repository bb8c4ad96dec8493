import { bytes, type FetchStreamOptions, fromFetchStream } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import { sha256 } from './requesters.ts'

const MIB = 1024 * 1024
// A limit is there to end a hang: a shared machine moves 64 MiB in seconds or in a minute.
const LIMIT_MS = 60_000
const download = {
  decode: bytes(),
  resume: 'range',
  retry: { ...quick, maxRetries: Number.POSITIVE_INFINITY },
} as const

type Piece = Uint8Array<ArrayBuffer>

const sumOf = async ({ data }: Recording<Piece>) => sha256(await new Blob(data()).arrayBuffer())
const sumAt = async (url: string) => sha256(await (await fetch(url)).arrayBuffer())
const lengthOf = ({ data }: Recording<Piece>) => data().reduce((sum, { byteLength }) => sum + byteLength, 0)

describe('a download that resumes by ranges', () => {
  it('brings 64 MiB through 50 random cuts, byte by byte the same', { timeout: 3 * LIMIT_MS }, async () => {
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

  it('goes on where another page has stopped', async () => {
    const server = backend()
    const url = server.url('/http/range', { bytes: MIB })
    const early = record(fromFetchStream(url, download), ({ type }) => {
      if (type === 'message') queueMicrotask(() => early.stop())
    })
    await early.until('message')
    const initialCursor = early.events.flatMap((event) => (event.type === 'message' ? [event.id] : [])).at(-1)
    const late = record(fromFetchStream(url, { ...download, initialCursor }))
    expect(await late.ended()).toBe('complete')
    expect(lengthOf(early)).toBeGreaterThan(0)
    expect(await sha256(await new Blob([...early.data(), ...late.data()]).arrayBuffer())).toBe(await sumAt(url))
  })

  it('is whole when only the word of its end was lost', async () => {
    const server = backend()
    const session = record(fromFetchStream(server.url('/http/range', { bytes: 5_000, drop: 5_000 }), download))
    expect(await session.ended()).toBe('complete')
    expect(lengthOf(session)).toBe(5_000)
    expect((await server.stats()).seen).toHaveLength(2)
  })

  it.each([
    ['has changed meanwhile', { changes: 2 }, 'has changed: it was "v1" and is "v2"'],
    ['comes from a server without ranges', { noRanges: 1 }, 'knows no ranges'],
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

  it('does not ask for the rest of what has no version to hold on to', async () => {
    const server = backend()
    const session = record(
      fromFetchStream(server.url('/http/range', { bytes: 50_000, drop: 20_000, weak: 1 }), download),
    )
    const error = await session.ended()
    expect(error).toMatchObject({ kind: 'network', retryable: false })
    expect(String(error)).toContain('no strong ETag')
    expect((await server.stats()).seen).toHaveLength(1)
  })

  it.each<[string, Partial<FetchStreamOptions<Piece>>]>([
    ['method', { method: 'POST' }],
    ['decode', { decode: undefined }],
    ['cursor', { cursor: () => '1' }],
    ['initialCursor', { initialCursor: '20000' }],
    ['resume', { resume: 'ranges' as 'range' }],
  ])('refuses at the call a %s that does not go with it', (name, options) => {
    const call = () => fromFetchStream('/', { ...download, ...options } as typeof download)
    expect(call).toThrow(TypeError)
    expect(call).toThrow(name)
  })
})
