import { fromFetchStream, fromWebSocket, lines, sse } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { stubPageForTest } from '../unit/support/page.ts'

const heartbeat = {
  ping: () => 'ping',
  isPong: (text: string) => text === 'pong',
  everyMs: 600_000,
  timeoutMs: 500,
}

describe('a socket with a heartbeat, when the page runs again', () => {
  it('is asked at once for a sign of life, and stays', async () => {
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

  it('is replaced if it has died meanwhile, and that counts for nothing', async () => {
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

describe('a stream that the server would begin anew, when its page is left', () => {
  it('is let go before its first message', async () => {
    const page = stubPageForTest()
    const server = backend()
    const session = record(fromFetchStream(server.url('/stream/lines', { count: 3, everyMs: 5 }), { decode: lines() }))
    page.leave(true)
    expect(session.types()).toEqual(['connecting', 'waiting'])
    page.appear(true)
    await session.ended()
    expect(session.data()).toHaveLength(3)
  })

  it('is left alone after it, and nothing comes twice', async () => {
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
