import { fromEventSource, type Provider, type RequestOptions, type Wire } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { eventSourceEngines } from './event-source-engines.ts'
import { type Echo, requesters } from './requesters.ts'
import { waitings } from './web-sockets.ts'

interface Mover {
  readonly name: string
  /** The path of the first attempt, which fails. */
  readonly from: string
  readonly to: string
  readonly connect: (url: Provider<string>, options: RequestOptions) => Wire<unknown>
}

const movers: Mover[] = [
  ...requesters().map(({ name, request }) => ({
    name,
    from: '/http/status?status=503',
    to: '/http/echo',
    connect: (url: Provider<string>, options: RequestOptions) => request(url, { ...options, retry: quick }),
  })),
  ...eventSourceEngines()
    // The native engine cannot send headers.
    .filter(({ name }) => name !== 'native')
    .map(({ name, options: engine }) => ({
      name: `fromEventSource (${name})`,
      from: '/sse/status?status=503',
      to: '/sse/feed?count=1',
      connect: (url: Provider<string>, options: RequestOptions) =>
        fromEventSource(url, { ...options, ...engine, reconnect: quick }),
    })),
]

for (const { name, from, to, connect } of movers) {
  describe(`${name}, when the origin changes`, () => {
    async function move(options: RequestOptions, allowed = (_: string): readonly string[] => []) {
      const server = backend()
      const proxy = await server.proxy()
      const { origin } = new URL(proxy.url('/'))
      const url = ({ attempt }: { attempt: number }) => (attempt === 0 ? server.url(from) : proxy.url(to))
      const session = record(connect(url, { ...options, credentialOrigins: allowed(origin) }))
      return { server, origin, session }
    }

    it.each([
      ['an authorization header', { headers: { authorization: 'Bearer secret' } }],
      ['cookies', { credentials: 'include' as const }],
    ])('fails instead of sending %s there, with an error that names credentialOrigins', async (_, options) => {
      const { server, origin, session } = await move(options)
      const error = await session.ended()
      expect(error).toMatchObject({ kind: 'network', retryable: false })
      expect(String(error)).toContain(`credentialOrigins: ['${origin}']`)
      expect(waitings(session)).toHaveLength(1)
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('sends credentials to an origin in credentialOrigins', async () => {
      const { server, session } = await move({ headers: { authorization: 'Bearer secret' } }, (origin) => [origin])
      await session.until('message')
      expect((await server.stats()).seen.slice(0, 2).map(({ authorization }) => authorization)).toEqual([
        'Bearer secret',
        'Bearer secret',
      ])
    })

    it('connects to any origin without credentials', async () => {
      const { session } = await move({ headers: { 'accept-language': 'en' } })
      await session.until('message')
      expect(waitings(session)[0]).toMatchObject({ cause: { status: 503 } })
    })
  })
}

for (const { name, request } of requesters()) {
  // Node has no cookies.
  describe.skipIf(typeof document === 'undefined')(`${name}`, () => {
    for (const [credentials, sent] of [
      [undefined, false],
      ['same-origin', false],
      ['include', true],
    ] as const) {
      it(`${sent ? 'sends' : 'does not send'} cookies to another origin with credentials: ${credentials}`, async () => {
        const server = backend()
        // [spec] RFC 6265 §8.5: cookies ignore the port, origins do not. The browser may send the cookie here.
        const url = new URL(server.url('/http/echo'))
        url.hostname = location.hostname
        // biome-ignore lint/suspicious/noDocumentCookie: The Cookie Store wants https.
        document.cookie = 'who=ada; path=/; max-age=60'
        const session = record(request<Echo>(url, { credentials, retry: false }))
        expect(await session.ended()).toBe('complete')
        expect(session.data()[0]?.headers['cookie']?.includes('who=ada') ?? false).toBe(sent)
      })
    }
  })
}
