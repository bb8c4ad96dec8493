import { cleanup, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense, startTransition, useState } from 'react'
import { type EventSourceOptions, fromEventSource } from 'rxwire'
import { type UseSuspenseWireOptions, useEventSource, useSuspenseWire } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { ErrorBoundary, expectText, keepConsoleQuiet } from './support.tsx'

afterEach(cleanup)

interface PriceProps extends Omit<UseSuspenseWireOptions, 'key'> {
  readonly url: string
  readonly of?: string
  readonly label?: string
  readonly wire?: EventSourceOptions<string>
}

function Price({ url, of = url, label = 'price', wire, ...options }: PriceProps) {
  const { data, connection } = useSuspenseWire(() => fromEventSource(url, { reconnect: quick, ...wire }), {
    ...options,
    key: of,
  })
  return <output aria-label={label}>{`${connection}:${data}`}</output>
}

function page(children: ReactNode) {
  return (
    <StrictMode>
      <ErrorBoundary>
        <Suspense fallback={<output aria-label="fallback">…</output>}>{children}</Suspense>
      </ErrorBoundary>
    </StrictMode>
  )
}

it('suspends until the first message, and shares one connection', async () => {
  const server = backend()
  const proxy = await server.proxy()
  const url = proxy.url('/sse/held', { events: 'data: 1\n\n' })
  await proxy.order({ passage: 'stalled' })
  render(page([<Price key="one" url={url} label="one" />, <Price key="other" url={url} label="other" />]))
  await expectText('fallback', '…')
  await proxy.order({ passage: 'open' })
  await expectText('one', 'open:1')
  await expectText('other', 'open:1')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('does not suspend when the shared connection already has data', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'data: 1\n\n' })
  function Shared({ isOpen }: { isOpen: boolean }) {
    const { data } = useEventSource(url, { key: 'shared' })
    return (
      <>
        <output aria-label="shared">{data}</output>
        {isOpen &&
          page(
            <Price url={url} of={JSON.stringify(['shared', JSON.stringify(['event-source', url, {}, null, null])])} />,
          )}
      </>
    )
  }
  const { rerender } = render(<Shared isOpen={false} />)
  await expectText('shared', '1')
  rerender(<Shared isOpen={true} />)
  // No polling: the data is in this render.
  expect(screen.getByLabelText('price').textContent).toBe('open:1')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('closes the connection when it unmounts, before and after the first message', async () => {
  const server = backend()
  const { unmount } = render(page(<Price url={server.url('/sse/held')} timeoutMs={300} />))
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  unmount()
  await server.expectNoConnections()
  const shown = render(page(<Price url={server.url('/sse/held', { events: 'data: 1\n\n' })} />))
  await expectText('price', 'open:1')
  shown.unmount()
  await server.expectNoConnections()
})

it('throws a timeout error when no message arrives in time, and suspends again on a retry', async () => {
  keepConsoleQuiet()
  const server = backend()
  const proxy = await server.proxy()
  await proxy.order({ passage: 'stalled' })
  render(page(<Price url={proxy.url('/sse/held', { events: 'data: 1\n\n' })} timeoutMs={1_000} />))
  await expectText('boundary', 'timeout')
  await proxy.order({ passage: 'open' })
  // The store keeps a failure for one second. A retry after that connects again.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  screen.getByLabelText('boundary').click()
  await expectText('price', 'open:1')
})

it('throws when the wire fails or completes before the first message', async () => {
  keepConsoleQuiet()
  const server = backend()
  render(page(<Price url={server.url('/sse/html')} />))
  await expectText('boundary', 'http')
  cleanup()
  render(page(<Price url={server.url('/sse/no-content')} />))
  await expectText('boundary', 'closed')
})

it('throws a later failure too, unless throwOnError is false', async () => {
  keepConsoleQuiet()
  const proxy = await backend().proxy()
  const url = (of: string) => proxy.url('/sse/held', { events: 'data: 1\n\n', of })
  const show = async (price: ReactNode) => {
    render(page(price))
    await expectText('price', 'open:1')
    await proxy.order({ cut: true })
  }
  const wire = { reconnect: false } as const
  await show(<Price url={url('thrown')} wire={wire} />)
  await expectText('boundary', 'network')
  cleanup()
  await show(<Price url={url('shown')} wire={wire} throwOnError={false} />)
  await expectText('price', 'failed:1')
})

it('keeps the old data on the screen while a transition waits for another url', async () => {
  const server = backend()
  const proxy = await server.proxy()
  let go: (url: string) => void = () => {}
  function Navigation() {
    const [url, setUrl] = useState(server.url('/sse/held', { events: 'data: here\n\n' }))
    go = setUrl
    return <Price url={url} />
  }
  render(page(<Navigation />))
  await expectText('price', 'open:here')
  await proxy.order({ passage: 'stalled' })
  startTransition(() => go(proxy.url('/sse/held', { events: 'data: there\n\n' })))
  await new Promise((resolve) => setTimeout(resolve, 300))
  await expectText('price', 'open:here')
  await proxy.order({ passage: 'open' })
  await expectText('price', 'open:there')
  // The connection to the old url is closed.
  await expect.poll(async () => (await server.stats()).open).toBe(1)
})

it('throws for an empty key', () => {
  keepConsoleQuiet()
  expect(() => render(<Price url="/feed" of="" />)).toThrow(/key must be a non-empty string/)
})

it('throws a failure from any hook whose throwOnError matches it', async () => {
  keepConsoleQuiet()
  const server = backend()
  function Feed({ throwOnError }: { throwOnError: UseSuspenseWireOptions['throwOnError'] }) {
    const { connection } = useEventSource(server.url('/sse/html'), { throwOnError })
    return <output aria-label="feed">{connection}</output>
  }
  render(page(<Feed throwOnError={({ kind }) => kind === 'http'} />))
  await expectText('boundary', 'http')
  const { length } = (await server.stats()).seen
  screen.getByLabelText('boundary').click()
  await expect.poll(async () => (await server.stats()).seen.length).toBe(length + 1)
  await expectText('boundary', 'http')
  cleanup()
  render(page(<Feed throwOnError={({ kind }) => kind === 'auth'} />))
  await expectText('feed', 'failed')
})
