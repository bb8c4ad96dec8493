import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fromEventSource, fromFetchStream, type HintHandler, setHintHandler, sse, type Wire } from 'rxwire'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { nginxPath, startNginx } from '../server/nginx.ts'
import { numbers, waitings } from './web-sockets.ts'

const recipe = readFileSync(resolve(import.meta.dirname, '../../storybook/docs/recipes/nginx.mdx'), 'utf8')
const [, printed = ''] = /^```nginx file=location\.conf\n(.*?)^```/ms.exec(recipe) ?? []

const because =
  nginxPath === undefined ? ' (skipped: nginx is not installed; on Debian: apt-get install nginx-light)' : ''

describe.skipIf(nginxPath === undefined)(`behind a real nginx${because}`, () => {
  let heard = vi.fn<HintHandler>()

  beforeEach(() => {
    heard = vi.fn()
    setHintHandler(heard)
  })
  afterEach(() => setHintHandler(undefined))

  /** The URL of a feed behind nginx. The feed stays open at its end, because nginx flushes its buffer at the end. */
  async function feedThrough(location: string, query: Record<string, string | number>): Promise<string> {
    const url = new URL(backend().url('/sse/feed', { hold: 1, ...query }))
    const nginx = await startNginx(nginxPath ?? '', Number(url.port), location)
    onTestFinished(() => nginx.stop())
    url.port = String(nginx.port)
    return url.href
  }

  it.each([
    ['with proxy_buffering off', 'off', {}],
    ['with X-Accel-Buffering: no', 'on', { unbuffered: 1 }],
    ['with the location of the recipe', printed.replace('/logs/', '/'), {}],
  ] as const)('delivers events as they are sent %s', async (_, location, query) => {
    const session = record(fromEventSource(await feedThrough(location, { count: 5, everyMs: 20, ...query })))
    await session.until('message', 5)
    expect(session.data()).toEqual(numbers(5))
    expect(session.types()).not.toContain('waiting')
    expect(heard).not.toHaveBeenCalled()
  })

  it('times out on a quiet stream with proxy_buffering on, with an error that names the cause', async () => {
    const session = record(fromEventSource(await feedThrough('on', { count: 5 }), { connectTimeoutMs: 500 }))
    await session.until('waiting')
    const cause = waitings(session)[0]?.cause
    expect(cause).toMatchObject({ kind: 'timeout' })
    expect(String(cause)).toContain('If a proxy buffers them')
    expect(String(cause)).toContain('X-Accel-Buffering: no')
  })

  const lumpy = { count: 1_000, everyMs: 80, pad: 250 }
  const readers: [string, (url: string) => Wire<unknown>][] = [
    ['fromEventSource', (url) => fromEventSource(url)],
    ['fromFetchStream', (url) => fromFetchStream(url, { decode: sse() })],
  ]

  it.each(readers)('%s gives a hint on events that arrive in bulk with proxy_buffering on', async (_, connect) => {
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
