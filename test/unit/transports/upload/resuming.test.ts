import { fromUpload, offsetHeaders, tus } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../../support/net.ts'

const net = networkForEachTest()

const protocol = tus()
const blob = new Blob(['x'.repeat(100_000)])

function memoryStorage() {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}

describe('fromUpload', () => {
  it.each<[string, Blob, string | (() => string)]>([
    ['a Blob', blob, '/files'],
    ['a File with a url function', new File([blob], 'a.bin'), () => '/files'],
  ])('resumes %s when the same wire is subscribed to again', async (_, file, url) => {
    const server = net.upload('/files')
    const wire = fromUpload(url, file, { protocol, chunkBytes: 10_000, storage: false })
    server.slow({ bytesPerSecond: 50_000 })
    const first = recordWire(wire)
    await net.advance(1_000)
    first.unsubscribe()
    expect(server.files[0]?.bytes.length).toBeGreaterThan(20_000)
    const second = recordWire(wire)
    await net.advance(60_000)
    expect(second.isComplete).toBe(true)
    expect(server.files).toHaveLength(1)
    expect(server.files[0]?.isComplete).toBe(true)
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('uploads the file again after the wire has finished it', async () => {
    const server = net.upload('/files')
    const wire = fromUpload('/files', blob, { protocol, storage: false })
    for (let times = 0; times < 2; times += 1) {
      recordWire(wire)
      await net.advance(1_000)
    }
    expect(server.files.map(({ isComplete }) => isComplete)).toEqual([true, true])
  })

  it.each([403, 511])(
    'keeps a stored upload if the server, or a proxy, responds with %i to everything',
    async (status) => {
      const server = net.upload('/files')
      const storage = memoryStorage()
      const options = { protocol, chunkBytes: 10_000, storage, fingerprint: () => 'f' }
      server.slow({ bytesPerSecond: 50_000 })
      const first = recordWire(fromUpload('/files', blob, options))
      await net.advance(1_000)
      first.unsubscribe()
      server.answer(status, { times: 100 })
      const refused = recordWire(fromUpload('/files', blob, options))
      await net.advance(60_000)
      expect(refused.error).toMatchObject({ status })
      expect(storage.items.size).toBe(1)
      server.restore()
      const resumed = recordWire(fromUpload('/files', blob, options))
      await net.advance(60_000)
      expect(resumed.isComplete).toBe(true)
      expect(server.files).toHaveLength(1)
      expect(storage.items.size).toBe(0)
    },
  )

  it('declares the length of an upload that was created without one', async () => {
    const seen: (string | null)[] = []
    let stored = 40
    let length: number | undefined
    const head = () => ({
      'tus-resumable': '1.0.0',
      'upload-offset': String(stored),
      ...(length === undefined ? { 'upload-defer-length': '1' } : { 'upload-length': String(length) }),
    })
    net.route('HEAD', '/files/1', () => new Response(null, { headers: head() }))
    net.route('PATCH', '/files/1', async (request) => {
      const declared = request.headers.get('upload-length')
      seen.push(declared)
      if (declared !== null) length = Number(declared)
      stored += (await request.arrayBuffer()).byteLength
      return new Response(null, { status: 204, headers: { 'tus-resumable': '1.0.0', 'upload-offset': String(stored) } })
    })
    const file = new Blob(['y'.repeat(100)])
    const done = recordWire(fromUpload('/files', file, { protocol: tus({ uploadUrl: '/files/1' }), storage: false }))
    await net.advance(1_000)
    expect(done.isComplete).toBe(true)
    expect(seen).toEqual(['100', null])
    expect({ stored, length }).toEqual({ stored: 100, length: 100 })
  })

  it.each(['javascript:alert(1)', 'data:,a', 'http://ada:secret@x.test/1', 'mailto:a@x.test', 'http://['])(
    'refuses the Location %s',
    async (location) => {
      const { requests } = net.route('*', '/files', () => new Response(null, { status: 201, headers: { location } }))
      const seen = recordWire(fromUpload('/files', blob, { protocol, storage: false }))
      await net.advance(60_000)
      expect(seen.error?.message).toContain('without a valid Location header')
      expect(String(seen.error)).not.toContain('secret')
      expect(requests).toHaveLength(1)
    },
  )

  it('does not send a header of the caller to a Location on another origin', async () => {
    const away = net.route('*', 'http://away.test/1', () => new Response(null))
    net.route('POST', '/files', () => new Response(null, { status: 201, headers: { location: 'http://away.test/1' } }))
    const seen = recordWire(
      fromUpload('/files', blob, { protocol, storage: false, headers: { 'x-api-key': 'secret' } }),
    )
    await net.advance(60_000)
    expect(seen.error?.message).toContain("credentialOrigins: ['http://away.test']")
    expect(away.requests).toEqual([])
  })

  it('asks for the offset past the HTTP cache by offsetHeaders', async () => {
    const status = net.route('GET', '/status', () => '0')
    const options = { protocol: offsetHeaders({ statusUrl: '/status' }), storage: false, reconnect: false } as const
    recordWire(fromUpload('/files', blob, options))
    await net.advance(100)
    expect(status.requests[0]?.headers['cache-control']).toBe('no-cache')
  })

  it('waits between requests if the server loses what it has confirmed', async () => {
    const files = net.route('*', '/files', ({ method, headers }) => {
      if (method === 'POST') return new Response(null, { status: 201, headers: { location: '/files' } })
      if (method === 'HEAD') return new Response(null, { headers: { 'upload-offset': '0' } })
      const isStart = headers.get('upload-offset') === '0'
      return new Response(null, { status: isStart ? 204 : 409, headers: { 'upload-offset': '10000' } })
    })
    const seen = recordWire(fromUpload('/files', blob, { protocol, chunkBytes: 10_000, storage: false }))
    await net.advance(60_000)
    expect(seen.types).toContain('waiting')
    expect(files.requests.length).toBeLessThan(200)
  })
})
