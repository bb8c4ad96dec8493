import { fromEventSource, fromFetchStream, type HintHandler, setHintHandler, sse, type Wire } from 'rxwire'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { nginxPath, startNginx } from '../server/nginx.ts'
import { numbers, waitings } from './web-sockets.ts'

const because =
  nginxPath === undefined ? ' (not asked: there is no nginx here; on Debian: apt-get install nginx-light)' : ''

describe.skipIf(nginxPath === undefined)(`behind a real nginx${because}`, () => {
  let heard = vi.fn<HintHandler>()

  beforeEach(() => {
    heard = vi.fn()
    setHintHandler(heard)
  })
  afterEach(() => setHintHandler(undefined))

  /** The feed through an nginx. It is held open at its end, so what arrives has not come because it ended. */
  async function feedThrough(buffering: 'on' | 'off', query: Record<string, string | number>): Promise<string> {
    const url = new URL(backend().url('/sse/feed', { hold: 1, ...query }))
    const nginx = await startNginx(nginxPath ?? '', Number(url.port), buffering)
    onTestFinished(() => nginx.stop())
    url.port = String(nginx.port)
    return url.href
  }

  it.each([
    ['with proxy_buffering off', 'off', {}],
    ['with X-Accel-Buffering: no', 'on', { unbuffered: 1 }],
  ] as const)('%s, events arrive as they are sent', async (_, buffering, query) => {
    const session = record(fromEventSource(await feedThrough(buffering, { count: 5, everyMs: 20, ...query })))
    await session.until('message', 5)
    expect(session.data()).toEqual(numbers(5))
    expect(session.types()).not.toContain('waiting')
    expect(heard).not.toHaveBeenCalled()
  })

  it('with proxy_buffering on, a quiet stream gets no answer at all, and the error says what may be behind it', async () => {
    const session = record(fromEventSource(await feedThrough('on', { count: 5 }), { connectTimeoutMs: 500 }))
    await session.until('waiting')
    const cause = waitings(session)[0]?.cause
    expect(cause).toMatchObject({ kind: 'timeout' })
    expect(String(cause)).toContain('buffered by a proxy')
    expect(String(cause)).toContain('X-Accel-Buffering: no')
  })

  const lumpy = { count: 1_000, everyMs: 80, pad: 250 }
  const readers: [string, (url: string) => Wire<unknown>][] = [
    ['fromEventSource', (url) => fromEventSource(url)],
    ['fromFetchStream', (url) => fromFetchStream(url, { decode: sse() })],
  ]

  it.each(readers)('with proxy_buffering on, %s has a hint on what comes in lumps', async (_, connect) => {
    record(connect(await feedThrough('on', lumpy)))
    await expect.poll(() => heard.mock.calls.length).toBe(1)
    const message = String(heard.mock.calls[0]?.[0].message)
    expect(heard.mock.calls[0]?.[0].topic).toBe('buffering')
    for (const words of [
      'buffered by a proxy',
      '/sse/feed',
      '4096 bytes',
      'X-Accel-Buffering: no',
      'proxy_buffering off',
    ]) {
      expect(message).toContain(words)
    }
  })
})
