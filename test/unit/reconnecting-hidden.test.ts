import { reconnecting } from 'rxwire'
import { describe, expect, it } from 'vitest'
import {
  comebacks,
  connect,
  connectHealthy,
  connectionLost,
  connectThenGoOffline,
  connectThenLose,
  longWait,
} from './support/feed-session.ts'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

describe('reconnecting: a hidden page', () => {
  it.each(['reconnect', 'wait', undefined] as const)('keeps the connection while hidden: %s', async (whileHidden) => {
    const { feed, seen } = await connectHealthy(net, { whileHidden })
    net.hide()
    await net.advance(600_000)
    net.show()
    feed.send('still here')
    await net.advance()
    expect(seen).toEmit(['connecting', 'open', 'message', 'message'])
  })

  it('reconnects while hidden by default', async () => {
    const { feed, lose } = await connectHealthy(net)
    net.hide()
    await lose(600)
    expect(feed.attempts).toHaveLength(2)
  })

  it('waits until the page is shown if whileHidden is "wait" and then retries within 300 ms', async () => {
    const { feed, lastWait, lose } = await connectHealthy(net, { whileHidden: 'wait' })
    net.hide()
    await lose()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 67_500, cause: 'hidden' })
    await net.advance(3_600_000)
    expect(feed.attempts).toHaveLength(1)
    net.show()
    expect(lastWait()).toEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause: connectionLost })
    await net.advance(150)
    expect(feed.attempts).toHaveLength(2)
  })

  it('pauses a wait when the page is hidden', async () => {
    const { feed, lastWait } = await connectThenLose(net, { whileHidden: 'wait', ...longWait })
    net.hide()
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    await net.advance(300_000)
    expect(feed.attempts).toHaveLength(1)
  })

  it('does not pause a wait by default when the page is hidden', async () => {
    const { seen } = await connectThenLose(net, longWait)
    const before = [...seen.events]
    net.hide()
    expect(seen.events).toEqual(before)
  })

  it('does not pause a wait when the page is frozen', async () => {
    const { seen } = await connectThenLose(net, { whileHidden: 'wait', ...longWait })
    const before = [...seen.events]
    Object.assign(document, { visibilityState: 'hidden' })
    net.freeze()
    expect(seen.events).toEqual(before)
  })

  it('stays paused when the page is shown while the host is offline', async () => {
    const { seen, lastWait } = await connectThenGoOffline(net, longWait)
    expect(lastWait()).toMatchObject({ cause: 'offline' })
    const before = [...seen.events]
    net.hide()
    net.show()
    expect(seen.events).toEqual(before)
  })

  it('stays paused when the network is back without an event but the page is hidden', async () => {
    const { feed, lastWait } = await connectThenGoOffline(net, { whileHidden: 'wait' })
    Object.assign(navigator, { onLine: true })
    Object.assign(document, { visibilityState: 'hidden' })
    await net.advance(67_500)
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    expect(feed.attempts).toHaveLength(1)
  })

  it('pauses at the end of a wait if the page was hidden without an event', async () => {
    const { feed, lastWait } = await connectThenLose(net, { whileHidden: 'wait' })
    Object.assign(document, { visibilityState: 'hidden' })
    await net.advance(600)
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    net.show()
    await net.advance(150)
    expect(feed.attempts).toHaveLength(2)
  })

  it('retries after a paused wait if the page was shown without an event', async () => {
    const { feed, lose } = await connectHealthy(net, { whileHidden: 'wait' })
    net.hide()
    await lose()
    Object.assign(document, { visibilityState: 'visible' })
    await net.advance(67_500)
    expect(feed.attempts).toHaveLength(2)
  })

  it('makes the first attempt even while hidden', async () => {
    net.hide()
    const { feed } = connect(net, { whileHidden: 'wait' })
    await net.advance()
    expect(feed.attempts).toHaveLength(1)
  })

  it('stays paused when the network is back but the page is still hidden', async () => {
    const { lastWait } = await connectHealthy(net, { whileHidden: 'wait' })
    net.hide()
    net.offline()
    await net.advance()
    expect(lastWait()).toMatchObject({ cause: 'offline' })
    net.online()
    expect(lastWait()).toMatchObject({ cause: 'hidden' })
    net.show()
    expect(lastWait()).toMatchObject({ delayMs: 150 })
  })

  it('throws a TypeError for an unknown whileHidden at the call', () => {
    expect(() => reconnecting(() => {}, { whileHidden: 'sleep' as 'wait' })).toThrow(TypeError)
  })
})

describe('reconnecting: a page that is back', () => {
  it.each(comebacks)('retries promptly when the page %s, without counting a failure', async (_, comeBack) => {
    const { feed, contexts, seen } = await connectThenLose(net, longWait)
    await comeBack(net)
    await net.advance(300)
    expect(feed.attempts).toHaveLength(2)
    expect(contexts.at(-1)).toEqual({ attempt: 1, cause: connectionLost, cursor: '7' })
    expect(seen.events).toContainEqual({ type: 'waiting', attempt: 1, delayMs: 150, cause: connectionLost })
  })

  it('starts one wait when all signals arrive at once', async () => {
    const { feed, seen } = await connectThenLose(net, longWait)
    net.show()
    net.resume()
    net.pageShow()
    dispatchEvent(new Event('online'))
    expect(seen.types.filter((type) => type === 'waiting')).toHaveLength(2)
    await net.advance(150)
    expect(feed.attempts).toHaveLength(2)
  })

  it.each(comebacks)('does not retry earlier than Retry-After when the page %s', async (_, comeBack) => {
    const { feed } = connect(net)
    feed.answer(503, { retryAfter: 200 })
    await net.advance()
    await comeBack(net)
    await net.advance(100_000)
    expect(feed.attempts).toHaveLength(1)
  })

  it.each(comebacks)('stays paused when the page %s while the host claims to be offline', async (_, comeBack) => {
    const { feed, lastWait } = await connectThenGoOffline(net)
    await comeBack(net)
    await net.advance(20_000)
    expect(lastWait()).toMatchObject({ cause: 'offline' })
    expect(feed.attempts).toHaveLength(1)
  })
})
