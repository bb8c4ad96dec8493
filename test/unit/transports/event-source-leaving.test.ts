import { Subject, take } from 'rxjs'
import { fromEventSource } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { streamServer } from '../support/stream-server.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

const URL = 'http://localhost/feed'

describe('fromEventSource, in the middle of a chunk', () => {
  it('decodes nothing after the subscriber has left', async () => {
    const { fetch, say } = streamServer()
    const decode = vi.fn((text: string) => text)
    const session = record(fromEventSource(URL, { fetch, decode }).pipe(take(3)))
    await vi.advanceTimersByTimeAsync(0)
    await say('data: a\n\ndata: b\n\ndata: c\n\n')
    expect(session.data()).toEqual(['a'])
    expect(decode).toHaveBeenCalledOnce()
  })

  it('drops a replay after a reconnect that a message has caused', async () => {
    const { fetch, say } = streamServer()
    const reconnectNow = new Subject<void>()
    let messages = 0
    const session = record(fromEventSource(URL, { fetch, reconnect: { reconnectNow } }), ({ type }) => {
      if (type !== 'message') return
      messages += 1
      if (messages === 1) reconnectNow.next()
    })
    await vi.advanceTimersByTimeAsync(0)
    await say('id: 1\ndata: a\n\nid: 2\ndata: b\n\n')
    await vi.advanceTimersByTimeAsync(0)
    await say('id: 1\ndata: a\n\nid: 2\ndata: b\n\n')
    expect(session.data()).toEqual(['a', 'b'])
    session.stop()
  })

  it('reports a skipped event as progress, which is a sign of life', async () => {
    const { fetch, say } = streamServer()
    const session = record(fromEventSource(URL, { fetch, decode: JSON.parse, onBadMessage: () => {} }))
    await vi.advanceTimersByTimeAsync(0)
    await say('data: {\n\n')
    expect(session.types()).toEqual(['connecting', 'open', 'progress'])
    session.stop()
  })
})
