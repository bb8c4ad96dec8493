import { act, cleanup, render, screen } from '@testing-library/react'
import type { Progress } from 'rxwire'
import { useFetch, WireProvider } from 'rxwire/query/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { Answer, comeBack, expectText, page, press } from './answer.tsx'

afterEach(cleanup)

it('sends one request for all components with the same url, also under StrictMode', async () => {
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

it('shows cached data to a late component, and refetches only if it is stale', async () => {
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

it('returns to the data of the ETag after a 304, not to data that was written during the request', async () => {
  const server = backend()
  let release = () => {}
  const held: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (response.status === 304) await new Promise<void>((resolve) => (release = resolve))
    return response
  }
  const { client, wrapper } = page()
  render(<Answer url={server.url('/http/json')} fetch={held} />, { wrapper })
  await expectText('answer', 'success:false:{"name":"Ada","born":1815}')
  press('refetch answer')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  act(() => {
    client.setQueriesData({}, { name: 'optimistic' })
  })
  await expectText('answer', 'success:true:{"name":"optimistic"}')
  await expect.poll(() => act(async () => release())).toBeUndefined()
  await expectText('answer', 'success:false:{"name":"Ada","born":1815}')
})

it('sends the ETag of its data, and keeps the same object after a 304', async () => {
  const server = backend()
  const seen = new Set<unknown>()
  const sent: (string | null)[] = []
  const noting: typeof fetch = (input, init) => {
    sent.push(new Headers(init?.headers).get('if-none-match'))
    return fetch(input, init)
  }
  function Watched() {
    // A blob, because two blobs with the same content are never equal.
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
  // The ETag does not belong to data that other code wrote to the cache.
  act(() => {
    client.setQueriesData({}, new Blob(['something else']))
  })
  // It has to be on the screen before the response replaces it.
  await expectText('watched', 'false:2')
  await refetch()
  await expectText('watched', 'false:3')
  expect(sent).toEqual([null, '"first"', '"first"', null])
})

it('aborts when the last component unmounts, and not before', async () => {
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

it('keeps a running request when one component replaces another', async () => {
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

it('refetches when the page is shown again, unless the data is fresh or refetchOnFocus is false', async () => {
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

it('refetches when the network is back', async () => {
  const server = backend()
  render(<Answer url={server.url('/poll/state')} />, page())
  await expectText('answer', 'success:false:{"version":0}')
  act(() => dispatchEvent(new Event('offline')))
  act(() => dispatchEvent(new Event('online')))
  await expectText('answer', 'success:false:{"version":1}')
})

it('recovers from an error on refetch, and keeps the data when a refetch fails', async () => {
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

it('shows the download progress to all components that read it, and does not render the others', async () => {
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
  // The progress belongs to the request in flight. There is none now.
  await expect.poll(() => act(async () => downloads.a.at(-1))).toBe(undefined)
  expect(renders).toBe(2)
})

it('uses one cache for the whole page without a provider', async () => {
  const server = backend()
  const url = server.url('/http/json')
  const { unmount } = render(<Answer url={url} name="first" />)
  await expectText('first', /^success:false/)
  unmount()
  render(<Answer url={url} name="second" staleMs={60_000} />)
  expect(screen.getByLabelText('second').textContent).toMatch('success:false:{"name":"Ada"')
  expect((await server.stats()).seen).toHaveLength(1)
})
