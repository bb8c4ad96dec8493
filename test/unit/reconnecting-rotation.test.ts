import { type EventSourceOptions, fromEventSource } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

const half = { random: () => 0.5 }

/** A stream that ends cleanly `times` in a row, after a message each time if `brings` says so. */
async function rotate(times: number, brings: boolean, options: EventSourceOptions<string> = {}, retryMs?: number) {
  const feed = net.log('/feed', { retryMs })
  const seen = recordWire(fromEventSource('/feed', { reconnect: half, ...options }))
  for (let n = 0; n < times; n += 1) {
    await net.advance()
    if (brings) feed.send(String(n))
    feed.close()
    await net.advance()
    const wait = seen.events.at(-1)
    if (wait?.type === 'waiting') await net.advance(Math.ceil(wait.delayMs))
  }
  const waits = seen.events.flatMap((event) => (event.type === 'waiting' ? [event] : []))
  return { feed, seen, waits, delays: waits.map(({ delayMs }) => delayMs) }
}

describe('reconnecting: a stream that the server ends cleanly', () => {
  it('rotates after a message, without a failure', async () => {
    const { seen, waits } = await rotate(1, true)
    expect(waits).toEqual([{ type: 'waiting', attempt: 0, delayMs: 1_500, cause: 'rotated' }])
    expect(seen.events).toContainEqual({ type: 'connecting', attempt: 0 })
    expect(seen.types.filter((type) => type === 'connecting')).toHaveLength(2)
  })

  it('fails if it brought nothing new', async () => {
    const { waits } = await rotate(1, false)
    expect(waits).toMatchObject([{ attempt: 1, delayMs: 600, cause: { name: 'CloseError', wasClean: true } }])
  })

  it('is not limited by maxRetries', async () => {
    const { seen } = await rotate(20, true, { reconnect: { ...half, maxRetries: 1 } })
    expect(seen.data).toHaveLength(20)
    expect(seen.isActive).toBe(true)
  })

  it('is final if no retry is allowed', async () => {
    const { seen } = await rotate(1, true, { reconnect: false })
    expect(seen).toFailWith({ kind: 'closed', wasClean: true })
  })

  it('waits longer from the sixth short connection on, up to a limit', async () => {
    const { delays } = await rotate(12, true)
    expect(delays.slice(0, 5)).toEqual(Array(5).fill(1_500))
    expect(delays.slice(5)).toEqual([2_000, 3_000, 5_000, 8_500, 8_500, 8_500, 8_500])
  })

  it('waits as long as the server asks, plus jitter, every time', async () => {
    const { delays } = await rotate(12, true, {}, 500)
    expect(delays).toEqual(Array(12).fill(625))
  })

  it('starts again with the first window after a longer life', async () => {
    const { feed, seen } = await rotate(7, true)
    await net.advance(5_000)
    feed.send('late')
    feed.close()
    await net.advance()
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', delayMs: 1_500 })
  })

  it('waits for the host like after a failure', async () => {
    const feed = net.log('/feed')
    const seen = recordWire(fromEventSource('/feed', { reconnect: { ...half, whileHidden: 'wait' } }))
    await net.advance()
    feed.send('a')
    net.hide()
    feed.close()
    await net.advance()
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', cause: 'hidden' })
    net.show()
    await net.advance(1_000)
    expect(seen.events).toContainEqual(expect.objectContaining({ type: 'waiting', cause: 'rotated' }))
    expect(feed.attempts).toHaveLength(2)
  })
})

describe('reconnecting: connections that are lost soon after they opened', () => {
  it('waits longer from the sixth on, although each brought news', async () => {
    const feed = net.log('/feed')
    const seen = recordWire(fromEventSource('/feed', { reconnect: { ...half, maxRetries: 3 } }))
    for (let n = 0; n < 8; n += 1) {
      await net.advance()
      feed.send(String(n))
      await net.advance()
      feed.cut()
      await net.advance()
      const wait = seen.events.at(-1)
      if (wait?.type === 'waiting') await net.advance(Math.ceil(wait.delayMs))
    }
    const waits = seen.events.flatMap((event) => (event.type === 'waiting' ? [event] : []))
    expect(waits.map(({ delayMs }) => delayMs)).toEqual([600, 600, 600, 600, 600, 1_100, 2_100, 4_100])
    // Each moved the resume point, which is proof of service.
    expect(waits.map(({ attempt }) => attempt)).toEqual(Array(8).fill(1))
    expect(seen.data).toHaveLength(8)
  })
})

describe('reconnecting: a page that is being prerendered', () => {
  it('does not connect before it is shown', async () => {
    Object.assign(document, { prerendering: true })
    const feed = net.log('/feed')
    const seen = recordWire(fromEventSource('/feed'))
    await net.advance(600_000)
    expect(feed.attempts).toEqual([])
    expect(seen.events.slice(0, 2)).toEqual([
      { type: 'connecting', attempt: 0 },
      { type: 'waiting', attempt: 0, delayMs: expect.any(Number), cause: 'prerendering' },
    ])
    Object.assign(document, { prerendering: false })
    document.dispatchEvent(new Event('prerenderingchange'))
    await net.advance(1_000)
    expect(seen.types.slice(-2)).toEqual(['connecting', 'open'])
    expect(feed.attempts).toHaveLength(1)
  })
})
