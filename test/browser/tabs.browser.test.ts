import { fromEventSource } from 'rxwire'
import { acrossTabs } from 'rxwire/tabs'
import { describe, expect, it } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { record } from '../record.ts'

/** Subscribes like one more tab. All engines of this page share their locks and channels. */
function join(server: Backend) {
  const url = server.url('/sse/feed', { count: 1_000_000, everyMs: 20 })
  const open = (start: { resumeFrom: string | undefined }) => fromEventSource(url, { decode: Number, ...start })
  return record(acrossTabs(open, { key: `feed:${server.key}` }))
}

describe('acrossTabs with the locks and the channel of the browser', () => {
  it('has one connection, which moves on without a loss or a repetition', async () => {
    const server = backend()
    const tabs = [join(server), join(server), join(server)]
    for (const { data } of tabs) await expect.poll(() => data().length).toBeGreaterThan(5)
    expect((await server.stats()).seen).toHaveLength(1)
    for (const [index, leader] of tabs.entries()) {
      leader.stop()
      for (const { data } of tabs.slice(index + 1)) {
        const { length } = data()
        await expect.poll(() => data().length).toBeGreaterThan(length + 5)
        expect(data()).toEqual(data().map((_, at) => at + 1))
      }
    }
    expect((await server.stats()).seen).toHaveLength(3)
    await server.expectNoConnections()
  })

  it('rejects a message that cannot be cloned', async () => {
    const server = backend()
    const url = server.url('/sse/feed', { count: 3 })
    const open = () => fromEventSource(url, { decode: (text) => () => text })
    const end = await record(acrossTabs(open, { key: server.key })).ended()
    expect(end).toMatchObject({ kind: 'decode', messageId: '1' })
  })
})
