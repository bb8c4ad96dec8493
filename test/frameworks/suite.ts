import { defer } from 'rxjs'
import { fromEventSource, type Wire } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import type { Harness } from './harness/harness.ts'
import { show, showFeed } from './show.ts'
import { convenienceSuite } from './suite-convenience.ts'

const numbers = { decode: Number, initial: [] as number[], fold: (all: number[], n: number) => [...all, n] }
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** The behaviour that all adapters share. Each of them enrols with its harness. */
export function adapterSuite(harness: Harness): void {
  describe(harness.name, () => {
    it('shows the state and the last messages, and closes the connection when it unmounts', async () => {
      const server = backend()
      const view = await showFeed(harness, server.url('/sse/feed', { count: 20, everyMs: 2, hold: 1 }), { keep: 3 })
      await view.expectText('open ["18","19","20"]')
      view.unmount()
      await server.expectNoConnections()
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('folds every message, and shows the same objects that the callbacks received', async () => {
      const server = backend()
      const received: object[] = []
      const view = await showFeed(harness, server.url('/sse/feed', { count: 300, hold: 1 }), {
        decode: (text: string) => ({ n: Number(text) }),
        onMessage: (message: object) => received.push(message),
        initial: [],
        fold: (all: object[], message: object) => [...all, message],
      })
      await expect.poll(() => (view.read('data') as object[]).length).toBe(300)
      const data = view.read('data') as object[]
      expect(received).toHaveLength(300)
      expect(data.every((message, index) => message === received[index])).toBe(true)
    })

    it('gives one connection and its data to components with the same key, also to a late one', async () => {
      const server = backend()
      const url = server.url('/sse/held', { events: 'data: hello\n\n' })
      const first = await showFeed(harness, url, { key: server.key })
      await first.expectText('open hello')
      const late = await showFeed(harness, url, { key: server.key })
      await late.expectText('open hello')
      first.unmount()
      const alone = await showFeed(harness, url)
      await alone.expectText('open hello')
      const { open, seen } = await server.stats()
      expect({ open, seen: seen.length }).toEqual({ open: 2, seen: 2 })
      late.unmount()
      alone.unmount()
      await server.expectNoConnections()
    })

    it('keeps the connection of a key when one component replaces another, as a hot reload does', async () => {
      const server = backend()
      const url = server.url('/sse/held', { events: 'data: hello\n\n' })
      const first = await showFeed(harness, url, { key: server.key, lingerMs: 1_000 })
      await first.expectText('open hello')
      first.unmount()
      const next = await showFeed(harness, url, { key: server.key, lingerMs: 1_000 })
      await next.expectText('open hello')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('renders only for the fields that it shows', async () => {
      const server = backend()
      const url = server.url('/sse/feed', { count: 200, everyMs: 5, hold: 1 })
      const options = { ...numbers, key: server.key }
      const connection = await showFeed(harness, url, options, ['connection', 'error'])
      const data = await showFeed(harness, url, options, ['data'])
      await data.expectText(/,200]$/)
      expect(connection.text()).toBe('open undefined')
      expect(data.renders()).toBeGreaterThan(15)
      // The first render, connecting and open. Some frameworks render once more when they start to watch.
      expect(connection.renders()).toBeLessThan(7)
    })

    it('shows the error of a wire that has failed, and connects again on reconnect', async () => {
      const server = backend()
      const view = await showFeed(harness, server.url('/sse/html'), {}, ['connection', 'error'])
      await view.expectText('failed http')
      view.call('reconnect')
      await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
    })

    it('resumes after a cut without gaps or duplicates', async () => {
      const proxy = await backend().proxy()
      const view = await showFeed(harness, proxy.url('/sse/feed', { count: 300, everyMs: 5, hold: 1 }), numbers)
      await view.expectText(/,20/)
      await proxy.order({ cut: true })
      await expect.poll(() => view.read('data')).toEqual(upTo(300))
    })

    it('stays closed after stop, and resumes from its cursor on reconnect', async () => {
      const server = backend()
      const view = await showFeed(harness, server.url('/sse/feed', { count: 60, everyMs: 5, hold: 1 }), numbers)
      await view.expectText(/,6/)
      view.call('stop')
      await server.expectNoConnections()
      await view.expectText(/^closed/)
      view.call('reconnect')
      await expect.poll(() => view.read('data')).toEqual(upTo(60))
      // The feed may be complete before the stop.
      const cursors = async () => (await server.stats()).seen.map(({ lastEventId }) => typeof lastEventId)
      await expect.poll(cursors).toEqual(['undefined', 'string'])
    })

    it('starts with the dehydrated data, and resumes from its cursor', async () => {
      const server = backend()
      const view = await showFeed(harness, server.url('/sse/feed', { count: 9, everyMs: 5, hold: 1 }), {
        ...numbers,
        dehydrated: { data: [1, 2, 3], cursor: '3' },
      })
      await expect.poll(() => view.text()).toContain('[1,2,3')
      await view.expectText('open [1,2,3,4,5,6,7,8,9]')
      expect((await server.stats()).seen.map(({ lastEventId }) => lastEventId)).toEqual(['3'])
    })

    it('opens another connection for another wire, closes the previous one, and is idle without a wire', async () => {
      const server = backend()
      const wireTo = (text: string): Wire<string> =>
        fromEventSource(server.url('/sse/held', { events: `data: ${text}\n\n` }))
      const view = await show<Wire<string> | null>(harness, {
        use: 'wire',
        input: wireTo('one'),
        shows: ['connection', 'data'],
      })
      await view.expectText('open one')
      view.set(wireTo('two'))
      await view.expectText('open two')
      await expect.poll(async () => (await server.stats()).open).toBe(1)
    })

    it('connects when its url is known, and closes when it is not any more', async () => {
      const server = backend()
      const view = await showFeed(harness, null)
      await view.expectText('idle undefined')
      view.set(server.url('/sse/held', { events: 'data: hello\n\n' }))
      await view.expectText('open hello')
      view.set(null)
      await view.expectText('idle undefined')
      await server.expectNoConnections()
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('does not connect while enabled is false', async () => {
      const server = backend()
      const view = await showFeed(harness, server.url('/sse/held'), { enabled: false })
      await view.expectText('idle undefined')
      const { text } = await showFeed(harness, server.url('/sse/held'))
      await expect.poll(text).toContain('open')
      expect((await server.stats()).seen).toHaveLength(1)
    })

    it('does not reconnect when a value changes that only the subscription reads', async () => {
      const server = backend()
      let token = () => ''
      const view = await show<string>(harness, {
        use: 'wire',
        input: 'first',
        source: (current) => {
          token = current
          // Read synchronously within the subscription, where a framework would track it.
          const wire = defer(() =>
            fromEventSource(server.url('/sse/held'), { headers: { authorization: current() }, reconnect: quick }),
          )
          return () => wire
        },
        shows: ['connection'],
      })
      await view.expectText('open')
      view.set('second')
      await expect.poll(() => token()).toBe('second')
      view.call('reconnect')
      await expect.poll(async () => (await server.stats()).seen.length).toBeGreaterThan(1)
      view.unmount()
      await server.expectNoConnections()
      expect((await server.stats()).seen.map(({ authorization }) => authorization)).toEqual(['first', 'second'])
    })

    convenienceSuite(harness)
  })
}
