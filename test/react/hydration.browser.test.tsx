import { cleanup } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { type DehydratedWire, fromEventSource, wireStore } from 'rxwire'
import { useEventSource, useSuspenseWire } from 'rxwire/react'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { expectText } from './support.tsx'

afterEach(cleanup)

const numbers = { initial: [] as number[], fold: (all: number[], n: number) => [...all, n] }

/** Loads the wire as a server would. Returns its dehydrated state after a round trip through JSON. */
async function serverState(url: string): Promise<DehydratedWire<number[]>> {
  const store = wireStore(() => fromEventSource(url, { decode: Number }), numbers)
  await store.load()
  const dehydrated = store.dehydrate()
  store.stop()
  return JSON.parse(JSON.stringify(dehydrated))
}

/** Inserts the server-rendered HTML of the page and hydrates it. */
function hydrate(page: ReactNode): { html: string; complaints: unknown[] } {
  const html = renderToString(page)
  const container = document.createElement('div')
  container.innerHTML = html
  document.body.append(container)
  const complaints: unknown[] = []
  const root = hydrateRoot(container, page, { onRecoverableError: (error) => complaints.push(error) })
  onTestFinished(() => {
    root.unmount()
    container.remove()
  })
  return { html, complaints }
}

it('renders the dehydrated data, and resumes from its cursor without gaps or duplicates', async () => {
  const server = backend()
  const url = server.url('/sse/feed', { count: 300, everyMs: 5, hold: 1 })
  const dehydrated = await serverState(url)
  const shown: number[][] = []
  function Numbers() {
    const { data, connection } = useEventSource(url, { ...numbers, decode: Number, reconnect: quick, dehydrated })
    shown.push(data)
    return <output aria-label="numbers">{`${connection}:${data.length}`}</output>
  }
  const { html, complaints } = hydrate(
    <StrictMode>
      <Numbers />
    </StrictMode>,
  )
  expect(html).toContain(`idle:${dehydrated.data.length}`)
  await expectText('numbers', 'open:300')
  expect(shown.at(-1)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
  expect(shown.every(({ length }) => length >= dehydrated.data.length)).toBe(true)
  expect(complaints).toEqual([])
  expect((await server.stats()).seen.map(({ lastEventId }) => lastEventId)).toEqual([undefined, dehydrated.cursor])
})

it('does not suspend when it has dehydrated data', async () => {
  const server = backend()
  const url = server.url('/sse/feed', { count: 20, everyMs: 5, hold: 1 })
  const dehydrated = await serverState(url)
  function Numbers() {
    const { data } = useSuspenseWire(
      ({ resumeFrom }) => fromEventSource(url, { decode: Number, ...(resumeFrom !== undefined && { resumeFrom }) }),
      { ...numbers, key: server.key, dehydrated },
    )
    return <output aria-label="numbers">{data.length}</output>
  }
  const { html, complaints } = hydrate(
    <Suspense fallback="…">
      <Numbers />
    </Suspense>,
  )
  expect(html).toContain(`>${dehydrated.data.length}<`)
  await expectText('numbers', '20')
  expect(complaints).toEqual([])
})

it('renders the fallback on a server without data, and connects in the browser', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'data: hello\n\n' })
  function Greeting() {
    const { data } = useSuspenseWire(() => fromEventSource(url), { key: server.key })
    return <output aria-label="greeting">{data}</output>
  }
  const { html, complaints } = hydrate(
    <Suspense fallback="…">
      <Greeting />
    </Suspense>,
  )
  expect(html).toContain('…')
  expect((await server.stats()).seen).toHaveLength(0)
  await expectText('greeting', 'hello')
  // React reports that it rendered the Suspense boundary on the client because the server could not.
  expect(complaints).toHaveLength(1)
})

it('joins a connection that is already open during hydration, without a hydration mismatch', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'data: hello\n\n' })
  const wire = () => fromEventSource(url)
  const open = wireStore(wire, {
    key: JSON.stringify([server.key, JSON.stringify(['event-source', url, {}, null, null])]),
  })
  const leave = open.subscribe(() => {})
  onTestFinished(leave)
  await open.load()
  function Greeting() {
    const { data, connection } = useEventSource(url, { key: server.key })
    return <output aria-label="greeting">{`${connection}:${data}`}</output>
  }
  const { html, complaints } = hydrate(<Greeting />)
  expect(html).toContain('idle:undefined')
  await expectText('greeting', 'open:hello')
  expect(complaints).toEqual([])
  expect((await server.stats()).seen).toHaveLength(1)
})
