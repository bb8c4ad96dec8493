import { tap } from 'rxjs'
import { type WireEvent, type WireSource, type WireStore, wireStore } from 'rxwire'
import { describe, expect, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Enrolment, itUnless, streamLaws } from './enrolment.ts'

/** A store with a listener, which can leave and come back. */
function listenTo(source: WireSource<unknown>) {
  const store: WireStore<unknown[]> = wireStore(source, { keep: 100 })
  const listen = () => store.subscribe(() => {})
  const state = () => store.getSnapshot()
  let leave = listen()
  onTestFinished(() => leave())
  return {
    store,
    state,
    leave: () => leave(),
    comeBack: () => {
      leave = listen()
    },
    until: (connection: string) => expect.poll(() => state().connection).toBe(connection),
  }
}

/** Law 13: a store is one consumer over all of its subscriptions. */
export function describeStoreLaws(enrolment: Enrolment): void {
  const { transport, connect, connectUnsafely, connectWithHeaders, scenarios, exempt = {} } = enrolment

  describe(`a store of ${transport}`, () => {
    streamLaws(enrolment, 'singles')(
      undefined,
      '13: resumes at its cursor when it is subscribed again',
      async (path) => {
        const server = backend()
        const wire = connect(server.url(path, { count: 20, everyMs: 20 }), { reconnect: quick })
        const leaving = tap<WireEvent<string>>((event) => {
          if (event.type === 'message' && event.data === '3') queueMicrotask(() => leave())
        })
        const { state, leave, comeBack, until } = listenTo(wire.pipe(leaving))
        await expect.poll(() => [state().connection, state().data.includes('3')]).toEqual(['idle', true])
        expect(state().data.length).toBeLessThan(20)
        await server.expectNoConnections()
        comeBack()
        await until('closed')
        expect(state().data).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)))
      },
    )

    const noUnsafe = connectUnsafely === undefined ? 'the transport has no such request' : undefined
    itUnless(noUnsafe, '13: does not send a request again that is unsafe to repeat, unless told to', async () => {
      if (connectUnsafely === undefined) return
      const server = backend()
      const { store, state, leave, comeBack, until } = listenTo(
        connectUnsafely(server.url(scenarios.held), { reconnect: quick }),
      )
      await until('open')
      leave()
      await server.expectNoConnections()
      comeBack()
      await until('failed')
      expect(state().error).toMatchObject({ kind: 'unrepeatable', retryable: false })
      store.reconnect()
      await until('failed')
      expect((await server.stats()).seen).toHaveLength(1)
      store.reconnect({ repeat: true })
      await until('open')
      expect((await server.stats()).seen).toHaveLength(2)
    })

    const noHeaders = connectWithHeaders === undefined ? 'the transport sends no headers' : undefined
    itUnless(
      exempt.credentials ?? noHeaders,
      '13: keeps credentials at the origin of its first connection',
      async () => {
        if (connectWithHeaders === undefined) return
        const server = backend()
        const proxy = await server.proxy()
        let url = server.url(scenarios.held)
        const { state, leave, comeBack, until } = listenTo(connectWithHeaders(() => url, { 'x-api-key': 'secret' }))
        await until('open')
        leave()
        await server.expectNoConnections()
        url = proxy.url(scenarios.held)
        comeBack()
        await until('failed')
        expect(state().error?.message).toContain(`credentialOrigins: ['${new URL(url).origin}']`)
        expect((await proxy.order({})).askedBytes).toBe(0)
      },
    )
  })
}
