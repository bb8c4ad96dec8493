import { Subject } from 'rxjs'
import { fromEventSource, type ReconnectingOptions, reconnecting } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { HandMadeServer, lost } from './support/attempts.ts'
import { connect, connectHealthy, connectionLost } from './support/feed-session.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

/** A wire whose attempts do what the test calls. `next` fails the last one and returns the next one. */
function startByHand(policy: ReconnectingOptions = {}) {
  const server = new HandMadeServer()
  recordWire(reconnecting(server.connect, { random: () => 0, ...policy }))
  const next = async () => {
    server.last.fail(lost())
    await net.advance(100)
    return server.last
  }
  return { server, next }
}

describe('reconnecting: resume', () => {
  it('starts the first attempt without a cursor or a cause', async () => {
    const { feed, contexts } = connect(net)
    await net.advance()
    expect(contexts).toEqual([{ attempt: 0, cursor: undefined, cause: undefined }])
    expect(feed.attempts).toEqual([{ atMs: 0 }])
  })

  it('starts the first attempt at resumeFrom', async () => {
    const { feed } = connect(net, { resumeFrom: '41' })
    await net.advance()
    expect(feed.attempts).toEqual([{ atMs: 0, cursor: '41' }])
  })

  it('passes the failure count, the cursor and the cause to the next attempt', async () => {
    const { contexts, lastWait, lose } = await connectHealthy(net)
    await lose(600)
    expect(contexts.at(-1)).toEqual({ attempt: 1, cursor: '7', cause: connectionLost })
    expect(contexts.at(-1)?.cause).toBe(lastWait()?.cause)
  })

  it('resumes from the last id that it received', async () => {
    const { server, next } = startByHand({ resumeFrom: '1' })
    server.last.message('b', '2')
    server.last.message('c', '3')
    server.last.message('no id')
    expect((await next()).cursor).toBe('3')
    expect((await next()).cursor).toBe('3')
    server.last.message('d', '')
    expect((await next()).cursor).toBeUndefined()
  })

  it.each(['a\nb', 'a\u0000', ' a', 'a\t', 'x'.repeat(4_097)])('does not resume from the id %j', async (id) => {
    const { server, next } = startByHand({ resumeFrom: '1' })
    server.last.message('b', id)
    expect(server.last.last).toEqual({ type: 'message', data: 'b' })
    server.last.moveCursor(id)
    expect((await next()).cursor).toBe('1')
  })

  it('resumes from a cursor that the attempt sets without a message', async () => {
    const { server, next } = startByHand()
    server.last.message('a', '1')
    server.last.moveCursor('2')
    expect((await next()).cursor).toBe('2')
    server.last.moveCursor('3')
    server.last.message('d', '4')
    expect((await next()).cursor).toBe('4')
  })

  it('updates the cursor and the last message of a running attempt', () => {
    const { server } = startByHand({ resumeFrom: '1' })
    const attempt = server.last
    server.last.message('b', '2')
    expect(attempt.cursor).toBe('2')
    expect(attempt.last).toEqual({ type: 'message', data: 'b', id: '2' })
  })

  it('ignores calls from a finished attempt', async () => {
    const now = new Subject<void>()
    const { server, next } = startByHand({ resumeFrom: '1', reconnectNow: now })
    const stale = server.last
    now.next()
    stale.moveCursor('666')
    stale.retryAfter(60_000)
    expect(server.last.cursor).toBe('1')
    await next()
    expect(server.attempts).toHaveLength(3)
  })

  it('keeps one cursor per subscription', async () => {
    const feed = net.log('/feed')
    const wire = fromEventSource('/feed', { resumeFrom: '0', reconnect: { random: () => 0 } })
    const first = recordWire(wire)
    feed.send('a', { id: '1' })
    await net.advance()
    feed.halfOpen()
    const second = recordWire(wire)
    feed.send('b', { id: '2' })
    await net.advance()
    expect([first.data, second.data]).toEqual([['a'], ['a', 'b']])
    feed.cut()
    await net.advance(100)
    expect(feed.attempts.map(({ cursor }) => cursor)).toEqual(['0', '0', '1', '2'])
  })
})
