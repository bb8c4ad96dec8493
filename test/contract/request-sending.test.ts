import { describe, expect, inject, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { type Echo, queryOf, type RequesterOptions, requesters, sha256 } from './requesters.ts'

for (const { name, request } of requesters()) {
  describe(`${name}`, () => {
    async function echoOf(options: RequesterOptions<Echo>, path = '/http/echo'): Promise<Echo> {
      const session = record(request<Echo>(backend().url(path), { retry: false, ...options }))
      expect(await session.ended()).toBe('complete')
      return session.data()[0] as Echo
    }

    it('sends a GET without a body by default', async () => {
      expect(await echoOf({})).toMatchObject({ method: 'GET', bodyLength: 0 })
    })

    it('sends the method in upper case', async () => {
      expect(await echoOf({ method: 'patch' })).toMatchObject({ method: 'PATCH' })
    })

    it.each(['GET', 'PUT'])('repeats a %s and its body after a 308 redirect', async (method) => {
      const server = backend()
      const to = server.url('/http/echo')
      const body = method === 'PUT' ? 'moving boxes' : null
      const session = record(request<Echo>(server.url('/http/moved', { to }), { method, body }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()[0]).toMatchObject({ method, bodyText: body ?? '' })
      expect((await server.stats()).seen.map(({ path }) => path)).toEqual(['/http/moved', '/http/echo'])
    })

    it('repeats the name of an array in the query and leaves out undefined and null', async () => {
      const query = { tag: ['a', undefined, 'b c'], page: 2, deep: false, nothing: undefined, none: null, empty: '' }
      expect(queryOf(await echoOf({ query }))).toEqual([
        ['tag', 'a'],
        ['tag', 'b c'],
        ['page', '2'],
        ['deep', 'false'],
        ['empty', ''],
      ])
    })

    it('accepts URLSearchParams as the query', async () => {
      const query = new URLSearchParams('a=1&a=2&b=%26')
      expect(queryOf(await echoOf({ query }))).toEqual([
        ['a', '1'],
        ['a', '2'],
        ['b', '&'],
      ])
    })

    it('appends the query to that of the url', async () => {
      expect(queryOf(await echoOf({ query: { a: 2 } }, '/http/echo?a=1&b=%2B'))).toEqual([
        ['a', '1'],
        ['b', '+'],
        ['a', '2'],
      ])
    })

    it('sends a value as JSON with its content type', async () => {
      const { headers, bodyText } = await echoOf({ method: 'POST', json: { snow: '\u2603' } })
      expect(headers['content-type']).toBe('application/json')
      expect(bodyText).toBe('{"snow":"\u2603"}')
    })

    it('sends JSON with a custom content type', async () => {
      const headers = { 'Content-Type': 'application/merge-patch+json' }
      const echo = await echoOf({ method: 'POST', json: null, headers })
      expect(echo.headers['content-type']).toBe('application/merge-patch+json')
      expect(echo.bodyText).toBe('null')
    })

    it('sends text', async () => {
      const { headers, bodyText } = await echoOf({ method: 'POST', body: '\u2603' })
      expect(headers['content-type']).toMatch(/^text\/plain/)
      expect(bodyText).toBe('\u2603')
    })

    it('sends URLSearchParams as a form', async () => {
      const { headers, bodyText } = await echoOf({ method: 'POST', body: new URLSearchParams({ a: '1 & 2' }) })
      expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
      expect(bodyText).toBe('a=1+%26+2')
    })

    it('sends FormData with its files', async () => {
      const form = new FormData()
      form.set('name', 'Ada')
      form.set('file', new Blob(['notes']), 'notes.txt')
      const { headers, bodyText } = await echoOf({ method: 'POST', body: form })
      const type = headers['content-type'] ?? ''
      const received = await new Response(bodyText, { headers: { 'content-type': type } }).formData()
      expect(received.get('name')).toBe('Ada')
      expect(await (received.get('file') as File).text()).toBe('notes')
    })

    it('sends a Blob with its type', async () => {
      const bytes = seededBytes(10_000)
      const echo = await echoOf({ method: 'POST', body: new Blob([bytes], { type: 'image/x-test' }) })
      expect(echo).toMatchObject({ bodyLength: 10_000, bodySha256: await sha256(bytes) })
      expect(echo.headers['content-type']).toBe('image/x-test')
    })

    it('sends only the bytes that a view covers', async () => {
      const view = seededBytes(10_000).subarray(100, 2_100)
      const echo = await echoOf({ method: 'PUT', body: view })
      expect(echo).toMatchObject({ bodyLength: 2_000, bodySha256: await sha256(view.slice()) })
    })

    it('sends the body that a function returns', async () => {
      expect(await echoOf({ method: 'POST', body: async () => 'made' })).toMatchObject({ bodyText: 'made' })
    })

    it('sends headers from a value or a function', async () => {
      const given = await echoOf({ headers: [['x-given', '1']] })
      expect(given.headers['x-given']).toBe('1')
      const provided = await echoOf({ headers: async () => new Headers({ 'x-provided': '1' }) })
      expect(provided.headers['x-provided']).toBe('1')
    })

    it('sends a stream, or fails on a host that cannot send one', async () => {
      const server = backend()
      const body = () => new Blob(['6 \u00d7 9?']).stream()
      const session = record(request<Echo>(server.url('/http/echo'), { method: 'POST', body, retry: false }))
      const end = await session.ended()
      if (name === 'fromXhr') {
        expect(end).toMatchObject({ kind: 'network', message: expect.stringContaining('XHR cannot send a stream') })
        expect((await server.stats()).seen).toHaveLength(0)
      } else if (inject('engine') === 'node') {
        expect(session.data()).toMatchObject([{ bodyText: '6 \u00d7 9?' }])
      } else {
        // Chromium sends streams only over HTTP/2, which this server does not support. The others never send them.
        expect(end).toMatchObject({ kind: 'network' })
        expect((await server.stats()).seen.filter(({ method }) => method === 'POST')).toEqual([])
      }
      if (name === 'fromFetch' && inject('engine') === 'firefox') {
        expect(end).toMatchObject({ retryable: false, message: expect.stringContaining('fetch of this host cannot') })
      }
    })
  })
}
