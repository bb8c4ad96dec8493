import { createOutbox, fromWebSocket, type Outbox, type OutboxOptions } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { acrossTabsOf } from '../../../adapters/tabs/across-tabs.ts'
import { FakeBrowser, type FakePage } from '../support/fake-browser.ts'
import { fatesOf } from '../support/fates.ts'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

interface Tab {
  readonly page: FakePage
  readonly outbox: Outbox<string, string>
  readonly data: () => string[]
}

/** Opens tabs on a server that records the frames and acknowledges each. */
async function openTabs(count: number, options: OutboxOptions<string, string>) {
  const received: string[] = []
  net.socket('/chat', (socket) => {
    socket.onMessage = (frame) => {
      received.push(String(frame))
      socket.send(`ack ${String(frame)}`)
    }
  })
  const browser = new FakeBrowser(net)
  const tabs: Tab[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const page = browser.open()
    const { WebSocket } = page.implementations
    const outbox = createOutbox<string, string>(options)
    const open = () => page.hangable(fromWebSocket('/chat', { WebSocket, decode: String, outgoing: outbox }))
    const record = recordWire(acrossTabsOf(page, open, { key: 'chat:ada', outgoing: outbox }))
    tabs.push({ page, outbox, data: () => record.data })
    await net.advance(100)
  }
  const [leader, follower, ...others] = tabs
  if (leader === undefined || follower === undefined) throw new Error('too few tabs')
  return { leader, follower, others, received }
}

describe('an outbox of a tab without the connection', () => {
  const acknowledged: OutboxOptions<string, string> = {
    idOf: (message) => message,
    acknowledge: (incoming) => (incoming.startsWith('ack ') ? incoming.slice(4) : undefined),
  }

  it('sends over the connection of the leader, in order', async () => {
    const { leader, follower, received } = await openTabs(2, {})
    const sent = ['a', 'b', 'c'].map((message) => follower.outbox.send(message))
    leader.outbox.send('x')
    await net.advance(100)
    expect(await fatesOf(...sent)).toEqual(['resolved', 'resolved', 'resolved'])
    expect(received.filter((message) => message !== 'x')).toEqual(['a', 'b', 'c'])
    expect(net.open).toBe(1)
  })

  it('keeps more messages than the leader takes at a time', async () => {
    const { follower, received } = await openTabs(2, {})
    const messages = Array.from({ length: 200 }, (_, index) => String(index))
    for (const message of messages) follower.outbox.send(message)
    expect(follower.outbox.getCounts()).toMatchObject({ queued: 136, inFlight: 64 })
    await net.advance(100)
    expect(received).toEqual(messages)
    expect(follower.outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0, dropped: 0 })
  })

  it('is acknowledged by a message that all tabs receive', async () => {
    const { leader, follower } = await openTabs(2, acknowledged)
    const sent = follower.outbox.send('a', { until: 'acknowledged' })
    await net.advance(100)
    expect(await fatesOf(sent)).toEqual(['resolved'])
    expect(leader.outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0 })
  })

  it('sends a message with an id again over the next leader, until it is acknowledged', async () => {
    const { leader, follower, received } = await openTabs(3, acknowledged)
    leader.page.hang()
    const sent = follower.outbox.send('a', { until: 'acknowledged' })
    await net.advance(100)
    leader.page.kill()
    await net.advance(1_000)
    expect(await fatesOf(sent)).toEqual(['resolved'])
    expect(received).toEqual(['a'])
  })

  it('reports an unknown outcome of a message without an id, and never sends it again', async () => {
    const { leader, follower, others, received } = await openTabs(3, {})
    leader.page.hang()
    const sent = others[0]?.outbox.send('a')
    await net.advance(100)
    leader.page.kill()
    await net.advance(1_000)
    expect(await fatesOf(sent ?? Promise.resolve())).toEqual([
      expect.objectContaining({ kind: 'closed', message: expect.stringContaining('may have been sent') }),
    ])
    expect(received).toEqual([])
    expect(follower.page.connections).toBe(1)
    expect(others[0]?.outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0, dropped: 1 })
  })

  it('sends itself once it leads', async () => {
    const { leader, follower, received } = await openTabs(2, {})
    leader.page.kill()
    await net.advance(1_000)
    await follower.outbox.send('a')
    await net.advance(100)
    expect(received).toEqual(['a'])
  })

  it('rejects with the reason of the leader', async () => {
    const { leader, follower } = await openTabs(2, { capacityBytes: 3 })
    net.offline({ isReported: false })
    await net.advance(5_000)
    const mine = leader.outbox.send('xyz')
    const sent = follower.outbox.send('a')
    await net.advance(100)
    expect(await fatesOf(mine, sent)).toEqual(['pending', expect.objectContaining({ kind: 'overflow' })])
  })
})
