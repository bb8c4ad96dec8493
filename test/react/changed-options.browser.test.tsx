import { cleanup, render } from '@testing-library/react'
import { xhrEngine } from 'rxwire'
import { type UseEventSourceOptions, useEventSource, useLongPoll, usePoll } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'

afterEach(cleanup)

type FeedOptions = UseEventSourceOptions<string>

const post = { method: 'POST', reconnect: quick } as const

it.each<[option: string, before: () => FeedOptions, after: () => FeedOptions, last: object]>([
  ['method', () => ({ ...post }), () => ({ ...post, method: 'PUT' }), { method: 'PUT' }],
  [
    'json',
    () => ({ ...post, json: { of: ['a'] } }),
    () => ({ ...post, json: { of: ['b'] } }),
    { body: '{"of":["b"]}' },
  ],
  ['json', () => ({ ...post }), () => ({ ...post, json: null }), { body: 'null' }],
  ['body', () => ({ ...post, body: 'a' }), () => ({ ...post, body: 'b' }), { body: 'b' }],
  [
    'body',
    () => ({ ...post, body: new URLSearchParams({ of: 'a' }) }),
    () => ({ ...post, body: new URLSearchParams({ of: 'b' }) }),
    { body: 'of=b' },
  ],
  ['events', () => ({ events: ['a'] }), () => ({ events: ['a', 'b'] }), {}],
  ['engine', () => ({}), () => ({ engine: xhrEngine() }), {}],
])('opens another connection when %s changes, and none while it is equal', async (_, before, after, last) => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'data: hello\n\n' })
  const Feed = ({ options }: { options: FeedOptions }) => <output>{String(useEventSource(url, options).data)}</output>
  const { rerender } = render(<Feed options={before()} />)
  await expect.poll(async () => (await server.stats()).seen.length).toBe(1)
  rerender(<Feed options={before()} />)
  rerender(<Feed options={after()} />)
  await expect.poll(async () => (await server.stats()).seen).toMatchObject([{}, last])
  await expect.poll(async () => (await server.stats()).open).toBe(1)
})

it('does not compare a body that is no text, and keeps the connection', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'data: hello\n\n' })
  const Feed = ({ text }: { text: string }) => {
    const body = new Blob([text])
    return <output aria-label={text}>{useEventSource(url, { ...post, body }).data}</output>
  }
  const { rerender, findByText } = render(<Feed text="a" />)
  await findByText('hello')
  rerender(<Feed text="b" />)
  await findByText('hello')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('does not share a connection between equal keys whose requests differ', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'data: hello\n\n' })
  const Feed = ({ of }: { of: string }) => {
    useEventSource(url, { ...post, json: { of }, key: 'shared' })
    return null
  }
  render([<Feed key="a" of="a" />, <Feed key="b" of="b" />])
  await expect
    .poll(async () => (await server.stats()).seen.map(({ body }) => body).sort())
    .toEqual(['{"of":"a"}', '{"of":"b"}'])
})

it('starts another poll when the request of a poll or a long poll changes', async () => {
  const server = backend()
  const url = server.url('/http/echo')
  const Polls = ({ of }: { of: string }) => {
    const request = { method: 'PUT', json: { of }, idempotencyKey: of }
    usePoll(url, { ...request, everyMs: 600_000 })
    useLongPoll(url, { ...request, endsWhen: () => true })
    return null
  }
  const bodies = async () => (await server.stats()).seen.map(({ body }) => body)
  const { rerender } = render(<Polls of="a" />)
  await expect.poll(bodies).toEqual(Array(2).fill('{"of":"a"}'))
  rerender(<Polls of="b" />)
  await expect.poll(async () => (await bodies()).slice(2)).toEqual(Array(2).fill('{"of":"b"}'))
})
