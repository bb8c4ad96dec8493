import { QueryClient } from '@tanstack/query-core'
import { act, cleanup, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { exponential, type Progress } from 'rxwire'
import { type UseFetchOptions, useFetch, WireProvider } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'

afterEach(cleanup)

const quick = { backoff: exponential({ floorMs: 1, baseMs: 5, capMs: 20, restartMs: 5 }) }

/** A page with a cache of its own. */
function page(client = new QueryClient()) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <WireProvider client={client}>{children}</WireProvider>
    </StrictMode>
  )
  return { client, wrapper }
}

/** React has a `key` of its own. */
type Options = Omit<UseFetchOptions<unknown, 'json'>, 'key'> & { queryKey?: UseFetchOptions<unknown>['key'] }

/** Shows an answer and how it got here. */
function Answer({ url, name = 'answer', queryKey, ...options }: { url: string; name?: string } & Options) {
  const { data, status, error, isFetching, refetch } = useFetch(url, { ...options, key: queryKey })
  return (
    <>
      <output aria-label={name}>{`${status}:${isFetching}:${JSON.stringify(data)}:${error?.kind}`}</output>
      <button type="button" onClick={refetch}>
        refetch {name}
      </button>
    </>
  )
}

async function expectText(name: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText(name).textContent)).toMatch(text)
}

function press(name: string): void {
  act(() => screen.getByText(name).click())
}

/** The page is hidden, and shown again. */
function comeBack(): void {
  for (const state of ['hidden', 'visible']) {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
    // As browsers do it, and as query-core listens for it.
    act(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  }
  Reflect.deleteProperty(document, 'visibilityState')
}

it('asks once for all who show the same, also under StrictMode', async () => {
  const server = backend()
  const url = server.url('/http/json')
  render(
    <>
      <Answer url={url} name="first" />
      <Answer url={url} name="second" />
    </>,
    page(),
  )
  expect(screen.getByLabelText('first').textContent).toBe('pending:true:undefined:undefined')
  await expectText('first', 'success:false:{"name":"Ada","born":1815}')
  await expectText('second', 'success:false:{"name":"Ada","born":1815}')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('shows what is there to who comes late, and asks anew only if that is stale', async () => {
  const server = backend()
  const url = server.url('/poll/state')
  const { rerender } = render(<Answer url={url} name="first" staleMs={60_000} />, page())
  await expectText('first', 'success:false:{"version":0}')
  const late = (staleMs: number) => (
    <>
      <Answer url={url} name="first" staleMs={60_000} />
      <Answer url={url} name="late" key={staleMs} staleMs={staleMs} />
    </>
  )
  rerender(late(60_000))
  expect(screen.getByLabelText('late').textContent).toMatch('success:false:{"version":0}')
  rerender(late(0))
  expect(screen.getByLabelText('late').textContent).toMatch('success:true:{"version":0}')
  await expectText('first', 'success:false:{"version":1}')
  expect((await server.stats()).seen).toHaveLength(2)
})

it('sends the ETag of what it has, and keeps the very object if that has not changed', async () => {
  const server = backend()
  const seen = new Set<unknown>()
  const sent: (string | null)[] = []
  const noting: typeof fetch = (input, init) => {
    sent.push(new Headers(init?.headers).get('if-none-match'))
    return fetch(input, init)
  }
  function Watched() {
    // As a blob, because two of the same content are never the same.
    const { data, isFetching, refetch } = useFetch(server.url('/http/json'), { responseType: 'blob', fetch: noting })
    if (data !== undefined) seen.add(data)
    return (
      <>
        <output aria-label="watched">{`${isFetching}:${seen.size}`}</output>
        <button type="button" onClick={refetch}>
          refetch
        </button>
      </>
    )
  }
  const refetch = async () => {
    const times = sent.length + 1
    press('refetch')
    await expect.poll(() => act(async () => sent.length)).toBe(times)
    await expectText('watched', 'false')
  }
  const { client, wrapper } = page()
  render(<Watched />, { wrapper })
  await expectText('watched', 'false:1')
  await refetch()
  await refetch()
  expect(seen.size).toBe(1)
  // What somebody else has written into the cache is not what the ETag was for.
  act(() => {
    client.setQueriesData({}, new Blob(['something else']))
  })
  await refetch()
  await expectText('watched', 'false:3')
  expect(sent).toEqual([null, '"first"', '"first"', null])
})

it('aborts when the last component goes, and not before', async () => {
  const server = backend()
  const url = server.url('/http/held')
  const { rerender } = render([<Answer key="a" url={url} name="a" />, <Answer key="b" url={url} name="b" />], page())
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  rerender([<Answer key="a" url={url} name="a" />])
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  rerender([])
  await server.expectNoConnections()
  expect((await server.stats()).seen).toHaveLength(1)
})

it('goes on with a request when one component takes the place of another', async () => {
  const server = backend()
  const url = server.url('/http/download', { bytes: 300_000, bytesPerSecond: 500_000 })
  function Size() {
    return <output aria-label="size">{useFetch(url, { responseType: 'blob' }).data?.size}</output>
  }
  const { rerender } = render([<Size key="first" />], page())
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  rerender([<Size key="second" />])
  await expectText('size', '300000')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('asks anew when the page is shown again, unless that is fresh or not wanted', async () => {
  const server = backend()
  const url = (of: string) => server.url('/poll/state', { of })
  render(
    <>
      <Answer url={url('stale')} name="stale" />
      <Answer url={url('fresh')} name="fresh" staleMs={60_000} />
      <Answer url={url('unwanted')} name="unwanted" refetchOnFocus={false} />
    </>,
    page(),
  )
  for (const name of ['stale', 'fresh', 'unwanted']) await expectText(name, 'success:false')
  comeBack()
  await expect.poll(() => act(async () => (await server.stats()).seen.length)).toBe(4)
  expect((await server.stats()).seen.at(-1)?.url).toContain('of=stale')
})

it('tries again as the wire does, and only the wire', async () => {
  const server = backend()
  render(<Answer url={server.url('/http/status', { status: 503, times: 2 })} retry={quick} />, page())
  await expectText('answer', 'success:false:{"ok":true}')
  expect((await server.stats()).seen).toHaveLength(3)
  render(<Answer url={server.url('/http/status', { status: 503 })} name="once" retry={false} />, page())
  await expectText('once', 'error:false:undefined:http')
  expect((await server.stats()).seen).toHaveLength(4)
})

it('asks anew when the network is back', async () => {
  const server = backend()
  render(<Answer url={server.url('/poll/state')} />, page())
  await expectText('answer', 'success:false:{"version":0}')
  act(() => dispatchEvent(new Event('offline')))
  act(() => dispatchEvent(new Event('online')))
  await expectText('answer', 'success:false:{"version":1}')
})

it('shows an error beside the data that is there, and recovers', async () => {
  const server = backend()
  const faulty = { status: 500 }
  const { rerender } = render(<Answer url={server.url('/http/status', { status: 404, times: 1 })} />, page())
  await expectText('answer', 'error:false:undefined:http')
  press('refetch answer')
  await expectText('answer', 'success:false:{"ok":true}:undefined')
  const failing: typeof fetch = async () => new Response('no', faulty)
  rerender(<Answer url={server.url('/http/status', { status: 404, times: 1 })} fetch={failing} retry={false} />)
  press('refetch answer')
  await expectText('answer', 'error:false:{"ok":true}:http')
})

it('gives null for an empty answer', async () => {
  const server = backend()
  render(<Answer url={server.url('/http/empty')} />, page())
  await expectText('answer', 'success:false:null:undefined')
})

it('shows the download to all who look at it, and renders nobody else for it', async () => {
  const server = backend()
  const url = server.url('/http/download', { bytes: 300_000, bytesPerSecond: 500_000 })
  const downloads = { a: [] as (Progress | undefined)[], b: [] as (Progress | undefined)[] }
  function Looking({ into }: { into: (Progress | undefined)[] }) {
    const { download } = useFetch(url, { responseType: 'blob' })
    if (download !== into.at(-1)) into.push(download)
    return null
  }
  let renders = 0
  function Blind() {
    renders += 1
    const { data } = useFetch(url, { responseType: 'blob' })
    return <output aria-label="size">{data?.size}</output>
  }
  const { client } = page()
  render(
    <WireProvider client={client}>
      <Looking into={downloads.a} />
      <Looking into={downloads.b} />
      <Blind />
    </WireProvider>,
  )
  await expectText('size', '300000')
  expect(downloads.a.length).toBeGreaterThan(3)
  expect(downloads.b).toEqual(downloads.a)
  // Of the request in flight, and there is none any more.
  await expect.poll(() => act(async () => downloads.a.at(-1))).toBe(undefined)
  expect(renders).toBe(2)
})

it('asks anew for another url, and keeps what it had until then if it is told to', async () => {
  const server = backend()
  const url = (of: string) => server.url('/poll/state', { of })
  const { rerender } = render(<Answer url={url('one')} />, page())
  await expectText('answer', 'success:false:{"version":0}')
  rerender(<Answer url={url('two')} keepPrevious />)
  expect(screen.getByLabelText('answer').textContent).toMatch('success:true:{"version":0}')
  await expectText('answer', 'success:false:{"version":1}')
  rerender(<Answer url={url('three')} />)
  expect(screen.getByLabelText('answer').textContent).toMatch('pending:true:undefined')
  await expectText('answer', 'success:false:{"version":2}')
})

it('asks for nothing while it is not enabled, unless by hand', async () => {
  const server = backend()
  render(<Answer url={server.url('/http/json')} enabled={false} />, page())
  await expectText('answer', 'pending:false:undefined')
  comeBack()
  expect((await server.stats()).seen).toHaveLength(0)
  press('refetch answer')
  await expectText('answer', 'success:false:{"name":"Ada"')
})

it('sends the headers of the last render with the next request', async () => {
  const server = backend()
  const element = (token: string) => <Answer url={server.url('/http/json')} headers={{ authorization: token }} />
  const { rerender } = render(element('first'), page())
  await expectText('answer', /^success:false/)
  rerender(element('second'))
  press('refetch answer')
  await expect
    .poll(() => act(async () => (await server.stats()).seen.map(({ authorization }) => authorization)))
    .toEqual(['first', 'second'])
})

it('asks a POST once, and again only by hand or when it is invalidated', async () => {
  const server = backend()
  const { client, wrapper } = page()
  const options = { method: 'POST', json: { query: 'q' }, queryKey: ['search', 'q'] } as const
  const { rerender } = render([<Answer key="a" name="a" url={server.url('/http/echo')} {...options} />], { wrapper })
  await expectText('a', /^success:false/)
  comeBack()
  rerender([<Answer key="b" name="b" url={server.url('/http/echo')} {...options} />])
  expect(screen.getByLabelText('b').textContent).toMatch(/^success:false/)
  press('refetch b')
  await expect.poll(() => act(async () => (await server.stats()).seen.length)).toBe(2)
  await expectText('b', /^success:false/)
  await act(() => client.invalidateQueries({ queryKey: ['search'] }))
  expect((await server.stats()).seen.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST'])
})

it('keeps answers apart that differ in query, body, form, or key', async () => {
  const server = backend()
  const url = server.url('/http/echo')
  const { client, wrapper } = page()
  const post = { method: 'POST', queryKey: 'k' } as const
  const all: (Options & { name: string })[] = [
    { name: 'plain' },
    { name: 'query', query: { a: 1 } },
    { name: 'params', query: new URLSearchParams('a=2') },
    { name: 'key', queryKey: 'k' },
    { name: 'method', ...post },
    { name: 'json', ...post, json: { b: 1 } },
    { name: 'body', ...post, body: 'b' },
  ]
  render(
    all.map((options) => <Answer key={options.name} url={url} {...options} />),
    { wrapper },
  )
  for (const { name } of all) await expectText(name, /^success:false/)
  expect(client.getQueryCache().getAll()).toHaveLength(all.length)
  expect((await server.stats()).seen).toHaveLength(all.length)
})

it('has one cache for the page where there is no provider', async () => {
  const server = backend()
  const url = server.url('/http/json')
  const { unmount } = render(<Answer url={url} name="first" />)
  await expectText('first', /^success:false/)
  unmount()
  render(<Answer url={url} name="second" staleMs={60_000} />)
  expect(screen.getByLabelText('second').textContent).toMatch('success:false:{"name":"Ada"')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('throws a mistake in its options where it was made', () => {
  const originalError = console.error
  console.error = () => {}
  expect(() => render(<Answer url="http://[" />)).toThrow(TypeError)
  expect(() => render(<Answer url="/me" staleMs={-1} />)).toThrow(/staleMs/)
  expect(() => render(<Answer url="/me" method="POST" />)).toThrow(/key must be given for POST/)
  function Computed() {
    useFetch(() => '/me')
    return null
  }
  expect(() => render(<Computed />)).toThrow(/key must be given where the url is a function/)
  console.error = originalError
})

it('asks anew when the client says so, where the options do not', async () => {
  const server = backend()
  const queries = { refetchOnWindowFocus: false, refetchOnReconnect: false, retryOnMount: false }
  const url = (of: string) => server.url('/poll/state', { of })
  render(
    <>
      <Answer url={url('left')} name="left" />
      <Answer url={url('said')} name="said" refetchOnFocus />
    </>,
    page(new QueryClient({ defaultOptions: { queries } })),
  )
  for (const name of ['left', 'said']) await expectText(name, 'success:false')
  act(() => dispatchEvent(new Event('offline')))
  act(() => dispatchEvent(new Event('online')))
  comeBack()
  await expectText('said', /^success:false:.*[23]/)
  const asked = (await server.stats()).seen.map(({ url }) => /of=(\w+)/.exec(url)?.[1])
  expect(asked.toSorted()).toEqual(['left', 'said', 'said'])
})

it('shows who comes late an error without asking anew, if the client says so', async () => {
  const server = backend()
  const url = server.url('/http/status', { status: 404, times: 1 })
  const client = new QueryClient({ defaultOptions: { queries: { retryOnMount: false } } })
  const { rerender } = render([<Answer key="a" url={url} name="a" />], page(client))
  await expectText('a', 'error:false')
  rerender([<Answer key="a" url={url} name="a" />, <Answer key="b" url={url} name="b" />])
  expect(screen.getByLabelText('b').textContent).toMatch('error:false')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('never asks a POST by itself, whatever the client says', async () => {
  const server = backend()
  const always = 'always' as const
  const queries = {
    staleTime: 0,
    refetchInterval: 20,
    refetchOnMount: always,
    refetchOnReconnect: always,
    refetchOnWindowFocus: always,
  }
  const { wrapper } = page(new QueryClient({ defaultOptions: { queries } }))
  const post = (name: string) => (
    <Answer key={name} name={name} url={server.url('/http/echo')} method="POST" queryKey="question" />
  )
  const get = <Answer key="get" name="get" url={server.url('/http/json')} />
  const { rerender } = render([post('a'), get], { wrapper })
  await expectText('a', /^success:false/)
  rerender([post('a'), post('b'), get])
  comeBack()
  act(() => dispatchEvent(new Event('offline')))
  act(() => dispatchEvent(new Event('online')))
  const asked = async (method: string) => (await server.stats()).seen.filter((seen) => seen.method === method).length
  await expect.poll(() => act(() => asked('GET'))).toBeGreaterThan(5)
  expect(await asked('POST')).toBe(1)
})

it('keeps an answer as it was decoded, for all who share its key', async () => {
  const server = backend()
  const url = server.url('/http/json')
  const named = (key: string) => ({ name: key, decode: () => key, staleMs: 60_000 })
  const { rerender } = render([<Answer key="a" url={url} {...named('first')} />], page())
  await expectText('first', 'success:false:"first"')
  rerender([
    <Answer key="b" url={url} {...named('sharing')} />,
    <Answer key="c" url={url} {...named('apart')} queryKey="apart" />,
  ])
  await expectText('apart', 'success:false:"apart"')
  await expectText('sharing', 'success:false:"first"')
  expect((await server.stats()).seen).toHaveLength(2)
})
