import {
  fromEventSource,
  fromFetchStream,
  fromLongPoll,
  type HintHandler,
  nativeEngine,
  setHintHandler,
  type Wire,
  xhrEngine,
} from 'rxwire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'

const patient = { connectTimeoutMs: 60_000 }
const holders: [string, (url: string) => Wire<unknown>][] = [
  ['fromEventSource (fetch)', (url) => fromEventSource(url, { ...patient })],
  ['fromEventSource (xhr)', (url) => fromEventSource(url, { ...patient, engine: xhrEngine() })],
  ['fromEventSource (native)', (url) => fromEventSource(url, { ...patient, engine: nativeEngine() })],
  ['fromFetchStream', (url) => fromFetchStream(url)],
  ['fromLongPoll', (url) => fromLongPoll(url)],
]

describe('the hint about the connection limit', () => {
  let heard = vi.fn<HintHandler>()

  beforeEach(() => {
    heard = vi.fn()
    setHintHandler(heard)
  })
  afterEach(() => setHintHandler(undefined))

  /** Opens streams through a new proxy. Its origin is unique, so no other test shares the connection limit. */
  async function hold(connect: (url: string) => Wire<unknown>, count: number) {
    const proxy = await backend().proxy()
    // Unique URLs: the cache of Chromium delays a request until the response to an equal one is complete.
    const sessions = Array.from({ length: count }, (_, n) => record(connect(proxy.url('/sse/held', { n }))))
    const opened = () => sessions.filter((session) => session.types().includes('open'))
    return { proxy, origin: new URL(proxy.url('/')).origin, opened }
  }

  it.each(holders)(
    'is given for the seventh connection, which opens when another one has closed (%s)',
    async (_, connect) => {
      const { origin, opened } = await hold(connect, 8)
      await expect.poll(() => opened().length).toBe(6)
      await expect.poll(() => heard.mock.calls.length).toBe(1)
      expect(heard.mock.calls[0]?.[0]).toMatchObject({ topic: 'connections', message: expect.stringContaining(origin) })
      expect(opened()).toHaveLength(6)
      opened()[0]?.stop()
      await expect.poll(() => opened().length).toBe(7)
    },
  )

  it('is not given while six connections are enough', async () => {
    const [here, there] = await Promise.all([hold(fromEventSource, 6), hold(fromEventSource, 6)])
    await expect.poll(() => here.opened().length + there.opened().length).toBe(12)
    for (const session of here.opened()) session.stop()
    // Closed connections do not count, so the hint must not blame the limit for a silent server.
    for (let n = 0; n < 6; n += 1) record(fromEventSource(here.proxy.url('/sse/silent'), patient))
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect(heard).not.toHaveBeenCalled()
  })
})
