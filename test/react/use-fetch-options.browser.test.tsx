import { QueryClient } from '@tanstack/query-core'
import { act, cleanup, render, screen } from '@testing-library/react'
import { exponential } from 'rxwire'
import { useFetch } from 'rxwire/query/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { Answer, comeBack, expectText, type Options, page, press } from './answer.tsx'

afterEach(cleanup)

const quick = { backoff: exponential({ floorMs: 1, baseMs: 5, capMs: 20, restartMs: 5 }) }

it('retries by the policy of the wire, and not by that of the query client', async () => {
  const server = backend()
  render(<Answer url={server.url('/http/status', { status: 503, times: 2 })} retry={quick} />, page())
  await expectText('answer', 'success:false:{"ok":true}')
  expect((await server.stats()).seen).toHaveLength(3)
  render(<Answer url={server.url('/http/status', { status: 503 })} name="once" retry={false} />, page())
  await expectText('once', 'error:false:undefined:http')
  expect((await server.stats()).seen).toHaveLength(4)
})

it('returns null for an empty response', async () => {
  const server = backend()
  render(<Answer url={server.url('/http/empty')} />, page())
  await expectText('answer', 'success:false:null:undefined')
})

it('fetches again when the url changes, and shows the old data meanwhile with keepPrevious', async () => {
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

it('sends no request while enabled is false, except on refetch', async () => {
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

it('sends a POST once, and again only on refetch or invalidation', async () => {
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

it('caches responses separately by query, key, method and body', async () => {
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

it('throws for invalid options during render', () => {
  const originalError = console.error
  console.error = () => {}
  expect(() => render(<Answer url="http://[" />)).toThrow(TypeError)
  expect(() => render(<Answer url="/me" staleMs={-1} />)).toThrow(/staleMs/)
  expect(() => render(<Answer url="/me" method="POST" />)).toThrow(/key is required for POST/)
  function Computed() {
    useFetch(() => '/me')
    return null
  }
  expect(() => render(<Computed />)).toThrow(/key is required when url is a function/)
  console.error = originalError
})

it('follows the refetch defaults of the query client unless its options override them', async () => {
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

it('shows a cached error to a late component without a new request when retryOnMount is false', async () => {
  const server = backend()
  const url = server.url('/http/status', { status: 404, times: 1 })
  const client = new QueryClient({ defaultOptions: { queries: { retryOnMount: false } } })
  const { rerender } = render([<Answer key="a" url={url} name="a" />], page(client))
  await expectText('a', 'error:false')
  rerender([<Answer key="a" url={url} name="a" />, <Answer key="b" url={url} name="b" />])
  expect(screen.getByLabelText('b').textContent).toMatch('error:false')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('never repeats a POST by itself, whatever the defaults of the query client are', async () => {
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

it('caches the decoded response for all components with the same key', async () => {
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
