import { QueryClient, QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { fromEventSource, fromFetchStream, sse } from 'rxwire'
import { liveQueryOptions, wireQueryOptions } from 'rxwire/query'
import { afterEach, expect, it } from 'vitest'
import { type Backend, backend } from '../backend.ts'

afterEach(cleanup)

const feedOf = (server: Backend) =>
  liveQueryOptions({
    queryKey: ['feed'],
    wire: ({ resumeFrom }) =>
      fromEventSource(server.url('/sse/feed', { count: 100_000, everyMs: 5 }), { decode: Number, resumeFrom }),
    initial: [] as number[],
    fold: (numbers, n) => [...numbers, n],
  })

/** Wraps the children in StrictMode, the provider of the query client and a Suspense boundary. */
function inPage(client: QueryClient, children: ReactNode): ReactNode {
  return (
    <StrictMode>
      <QueryClientProvider client={client}>
        <Suspense fallback={<output aria-label="fallback" />}>{children}</Suspense>
      </QueryClientProvider>
    </StrictMode>
  )
}

/** Shows how many numbers were received, or NaN if one is missing or duplicated. */
function Feed({ server, name }: { server: Backend; name: string }) {
  const { data = [] } = useQuery(feedOf(server))
  return <output aria-label={name}>{lengthOf(data)}</output>
}

function SuspendedFeed({ server, name }: { server: Backend; name: string }) {
  const { data } = useSuspenseQuery(feedOf(server))
  return <output aria-label={name}>{lengthOf(data)}</output>
}

function lengthOf(numbers: readonly number[]): number {
  return numbers.every((n, index) => n === index + 1) ? numbers.length : Number.NaN
}

function Answer({ server }: { server: Backend }) {
  const { data = '', status } = useQuery(
    wireQueryOptions({
      queryKey: ['answer'],
      wire: () =>
        fromFetchStream(server.url('/stream/answer', { words: 40, everyMs: 10 }), {
          method: 'POST',
          decode: sse(),
          endMarker: '[DONE]',
        }),
      initial: '',
      fold: (text, event) => text + JSON.parse(event.data).text,
    }),
  )
  return <output aria-label="answer">{`${status}: ${data}`}</output>
}

async function shown(name: string): Promise<string> {
  return (await act(async () => screen.queryByLabelText(name)?.textContent)) ?? ''
}

async function moves(name: string): Promise<void> {
  const before = Number(await shown(name))
  await expect.poll(async () => Number(await shown(name))).toBeGreaterThan(before + 5)
}

it('shows a response while it arrives, and sends one request', async () => {
  const server = backend()
  render(inPage(new QueryClient(), <Answer server={server} />))
  await expect.poll(() => shown('answer')).toMatch(/^pending: word 1 /)
  await expect.poll(() => shown('answer')).toMatch(/^success: word 1 .* word 40 $/)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('aborts the request when its component unmounts', async () => {
  const server = backend()
  const { unmount } = render(inPage(new QueryClient(), <Answer server={server} />))
  await expect.poll(() => shown('answer')).toMatch(/^pending: word 1 /)
  unmount()
  await server.expectNoConnections()
})

it('shares one connection between components, closes it with the last one, and resumes', async () => {
  const server = backend()
  const client = new QueryClient()
  const both = (
    <>
      <Feed server={server} name="one" />
      <Feed server={server} name="two" />
    </>
  )
  const { rerender } = render(inPage(client, both))
  await moves('one')
  await moves('two')
  rerender(inPage(client, <Feed server={server} name="two" />))
  await moves('two')
  expect(await server.stats()).toMatchObject({ open: 1, seen: { length: 1 } })
  rerender(inPage(client, null))
  await server.expectNoConnections()
  rerender(inPage(client, both))
  expect(Number(await shown('one'))).toBeGreaterThan(5)
  await moves('one')
  expect((await server.stats()).seen).toHaveLength(2)
})

it('keeps receiving messages after it has suspended', async () => {
  const server = backend()
  const client = new QueryClient()
  const { unmount } = render(inPage(client, <SuspendedFeed server={server} name="feed" />))
  await moves('feed')
  await moves('feed')
  expect((await server.stats()).peak).toBe(1)
  unmount()
  await server.expectNoConnections()
})

it('renders at most once per animation frame', async () => {
  const server = backend()
  const client = new QueryClient()
  let renders = 0
  function Counted() {
    renders += 1
    const { data } = useQuery(
      liveQueryOptions({
        queryKey: ['burst'],
        wire: ({ resumeFrom }) => fromEventSource(server.url('/sse/feed', { count: 5_000 }), { resumeFrom }),
        initial: 0,
        fold: (count) => count + 1,
      }),
    )
    return <output aria-label="burst">{data}</output>
  }
  render(
    <QueryClientProvider client={client}>
      <Counted />
    </QueryClientProvider>,
  )
  await expect.poll(() => shown('burst')).toBe('5000')
  expect(renders).toBeLessThan(500)
})
