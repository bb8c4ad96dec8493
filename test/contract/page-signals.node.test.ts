import { fromFetchStream, fromWebSocket, lines, pingPong, sse } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { stubPageForTest } from '../unit/support/page.ts'

const heartbeat = pingPong({
  ping: () => 'ping',
  pong: 'pong',
  everyMs: 600_000,
  timeoutMs: 500,
})

describe('a socket with a heartbeat when the page resumes', () => {
  it('sends a ping immediately and stays open after the pong', async () => {
    const page = stubPageForTest()
    const server = backend()
    const session = record(fromWebSocket(server.url('/ws/heartbeat'), { decode: String, heartbeat }))
    await session.until('open')
    page.resume()
    await session.until('progress')
    expect((await server.stats()).received).toEqual(['ping'])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(session.types()).toEqual(['connecting', 'open', 'progress'])
  })

  it('is replaced without a counted failure if it does not respond', async () => {
    const page = stubPageForTest()
    const proxy = await backend().proxy()
    const session = record(fromWebSocket(proxy.url('/ws/heartbeat'), { decode: String, heartbeat }))
    await session.until('open')
    await proxy.order({ halfOpen: true })
    page.resume()
    await session.until('open', 2)
    expect(session.events.find(({ type }) => type === 'waiting')).toMatchObject({
      attempt: 0,
      cause: { kind: 'timeout' },
    })
  })
})

describe('a stream that cannot resume when its page is left', () => {
  it('is closed before its first message and restarted later', async () => {
    const page = stubPageForTest()
    const server = backend()
    const session = record(fromFetchStream(server.url('/stream/lines', { count: 3, everyMs: 5 }), { decode: lines() }))
    page.leave(true)
    expect(session.types()).toEqual(['connecting', 'waiting'])
    page.appear(true)
    await session.ended()
    expect(session.data()).toHaveLength(3)
  })

  it('stays open after its first message and repeats no message', async () => {
    const page = stubPageForTest()
    const url = backend().url('/stream/answer', { words: 20, everyMs: 50 })
    const session = record(fromFetchStream(url, { decode: sse() }))
    await session.until('message')
    page.leave(true)
    page.appear(true)
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toHaveLength(21)
    expect(session.types()).not.toContain('waiting')
  })
})
