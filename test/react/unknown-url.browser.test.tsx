import { cleanup, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { useFetch } from 'rxwire/query/react'
import {
  useDurableStream,
  useEventSource,
  useJsonp,
  useLongPoll,
  usePoll,
  useWebSocket,
  type WireResult,
} from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { page } from './answer.tsx'
import { expectText } from './support.tsx'

afterEach(cleanup)

type Url = string | null | undefined

const hooks: [name: string, path: string, use: (url: Url) => Pick<WireResult<unknown>, 'connection' | 'stop'>][] = [
  ['useEventSource', '/sse/held', (url) => useEventSource(url)],
  ['useWebSocket', '/ws/held', (url) => useWebSocket(url?.replace('http', 'ws'))],
  ['usePoll', '/http/json', (url) => usePoll(url)],
  ['useLongPoll', '/http/held', (url) => useLongPoll(url)],
  ['useDurableStream', '/durable/numbers', (url) => useDurableStream(url)],
  ['useJsonp', '/http/held', (url) => useJsonp(url)],
]

it.each(hooks)('%s is idle while its url is not known, and connects when it is', async (_, path, use) => {
  const server = backend()
  let stop = () => {}
  const Feed = ({ url }: { url: Url }) => {
    const { connection, ...controls } = use(url)
    stop = controls.stop
    return <output aria-label="feed">{connection}</output>
  }
  const { rerender } = render(<Feed url={undefined} />, { wrapper: StrictMode })
  stop()
  await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(screen.getByLabelText('feed').textContent).toBe('idle')
  rerender(<Feed url={null} />)
  expect((await server.stats()).seen).toHaveLength(0)
  // `mute`: Firefox keeps the connection of a script whose content type it has refused.
  rerender(<Feed url={server.url(path, { hold: 1, mute: 1 })} />)
  await expectText('feed', /^(connecting|open)$/)
  await expect.poll(async () => (await server.stats()).seen.length).toBeGreaterThan(0)
  rerender(<Feed url={null} />)
  // No polling: the render without a url shows idle.
  expect(screen.getByLabelText('feed').textContent).toBe('idle')
  await server.expectNoConnections()
})

it('useFetch is pending while its url is not known, also after refetch', async () => {
  const server = backend()
  const { wrapper } = page()
  let refetch = async () => {}
  const Me = ({ url }: { url: Url }) => {
    const { status, isFetching, ...result } = useFetch(url)
    refetch = result.refetch
    return <output aria-label="me">{`${status} ${isFetching}`}</output>
  }
  const { rerender } = render(<Me url={null} />, { wrapper })
  await refetch()
  expect(screen.getByLabelText('me').textContent).toBe('pending false')
  rerender(<Me url={server.url('/http/json')} />)
  await expectText('me', 'success false')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('a shared connection keeps its url when the component that opened it has another one', async () => {
  const server = backend()
  const [one, two] = ['one', 'two'].map((of) => server.url('/sse/held', { of, events: 'data: hello\n\n' }))
  let reconnect = () => {}
  const Feed = ({ name, url }: { name: string; url: Url }) => {
    const { connection, ...controls } = useEventSource(url, { key: server.key })
    if (name === 'second') reconnect = controls.reconnect
    return <output aria-label={name}>{connection}</output>
  }
  const both = (url: Url) => [<Feed key="1" name="first" url={url} />, <Feed key="2" name="second" url={one} />]
  const { rerender } = render(both(one))
  await expectText('second', 'open')
  rerender(both(two))
  await expectText('first', 'open')
  reconnect()
  const urls = async () => (await server.stats()).seen.map(({ url }) => new URL(url, 'http://x').searchParams.get('of'))
  await expect.poll(urls).toEqual(['one', 'two', 'one'])
})
