import { fromFetchStream, lines, reconnecting } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { HandMadeServer, lost } from './support/attempts.ts'
import { connect, connectHealthy } from './support/feed-session.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

const leavings: [string, leave: () => void, comeBack: () => void][] = [
  ['enters the back/forward cache', () => net.pageHide(), () => net.pageShow()],
  ['is frozen', () => net.freeze(), () => net.resume()],
]

describe.each(leavings)('reconnecting: when the page %s', (_, leave, comeBack) => {
  it('closes the connection and resumes from its cursor when the page is back', async () => {
    const { feed, contexts, seen, lastWait } = await connectHealthy(net)
    leave()
    expect(feed.open).toBe(0)
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 67_500, cause: 'hidden' })
    feed.send('missed')
    comeBack()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 150, cause: 'hidden' })
    await net.advance(150)
    expect(contexts.at(-1)).toEqual({ attempt: 0, cause: undefined, cursor: '7' })
    expect(seen).toDeliver(['a', 'missed'])
  })

  it('forgets the cause of an earlier failure after proof of service', async () => {
    const { lastWait, lose } = await connectHealthy(net)
    await lose(6_600)
    leave()
    comeBack()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 0, delayMs: 150, cause: 'hidden' })
  })

  it('keeps the failure count if there was no proof of service', async () => {
    const { feed, contexts, lose } = connect(net)
    feed.stall()
    await lose(600)
    leave()
    comeBack()
    await net.advance(150)
    expect(contexts.map(({ attempt }) => attempt)).toEqual([0, 1, 1])
  })

  it('keeps the connection if no retry is allowed', async () => {
    const { feed } = await connectHealthy(net, { maxRetries: 0 })
    leave()
    expect(feed.open).toBe(1)
  })

  it('keeps an unrepeatable attempt', async () => {
    const rows = net.log('/rows', { format: 'ndjson' })
    rows.send('a')
    recordWire(fromFetchStream('/rows', { decode: lines() }))
    await net.advance(10_000)
    leave()
    expect(rows.open).toBe(1)
  })

  it('closes a later attempt even if an earlier one was unrepeatable', async () => {
    const server = new HandMadeServer()
    recordWire(reconnecting(server.connect, { random: () => 0.5, shouldRetry: () => true }))
    server.last.markUnrepeatable()
    server.last.fail(lost())
    await net.advance(600)
    server.attempts[0]?.markUnrepeatable()
    expect(server.live).toBe(1)
    leave()
    expect(server.live).toBe(0)
  })
})

describe('reconnecting: when the page is left', () => {
  it.each([
    ['pagehide', () => net.pageHide()],
    // The event alone: no timer runs on a page that is frozen.
    ['freeze', () => document.dispatchEvent(new Event('freeze'))],
  ])('reconnects after a paused wait even if no signal follows %s', async (_, leave) => {
    const { feed } = await connectHealthy(net)
    leave()
    await net.advance(67_500)
    expect(feed.open).toBe(1)
  })

  it('keeps the connection if the page is unloaded', async () => {
    const { feed } = await connectHealthy(net)
    net.pageHide(false)
    expect(feed.open).toBe(1)
  })
})
