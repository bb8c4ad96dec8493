import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import type { Query } from 'rxwire'
import { type UseJsonpOptions, useJsonp } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'

afterEach(cleanup)

/** Shows the data and the connection. */
function Answer({ url, ...options }: { url: string } & UseJsonpOptions<unknown>) {
  const { data, connection, error } = useJsonp(url, options)
  return <output aria-label="answer">{`${connection}:${error?.kind ?? JSON.stringify(data)}`}</output>
}

/** Waits until the element shows the text, letting React render. */
async function expectAnswer(text: string): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText('answer').textContent)).toBe(text)
}

it('sends one request under StrictMode, and shows the response', async () => {
  const server = backend()
  render(<Answer url={server.url('/jsonp/answer', { answer: '{ "name": "Ada" }' })} />, { wrapper: StrictMode })
  await expectAnswer('closed:{"name":"Ada"}')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('sends a new request when the query changes, and only then', async () => {
  const server = backend()
  const question = (query: Query) => (
    <Answer url={server.url('/jsonp/answer')} query={query} decode={(answer) => `decoded ${answer}`} />
  )
  const { rerender } = render(question({ answer: '"one"' }))
  await expectAnswer('closed:"decoded one"')
  rerender(question({ answer: '"one"' }))
  rerender(question({ answer: '"two"' }))
  await expectAnswer('closed:"decoded two"')
  rerender(question(new URLSearchParams({ answer: '"three"' })))
  await expectAnswer('closed:"decoded three"')
  rerender(question(new URLSearchParams({ answer: '"three"' })))
  rerender(question(new URLSearchParams({ answer: '"four"' })))
  await expectAnswer('closed:"decoded four"')
  expect((await server.stats()).seen).toHaveLength(4)
})

it('uses a decode function that is added before the response arrives', async () => {
  const url = backend().url('/jsonp/answer')
  const { rerender } = render(<Answer url={url} />)
  rerender(<Answer url={url} decode={(answer) => `decoded ${answer}`} />)
  await expectAnswer('closed:"decoded 1"')
})

it('shows a failure', async () => {
  render(<Answer url={backend().url('/jsonp/no-call')} />)
  await expectAnswer('failed:decode')
})

it('aborts the request and removes the iframe when it unmounts', async () => {
  const server = backend()
  const { unmount } = render(<Answer url={server.url('/http/held', { mute: 1 })} />)
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  unmount()
  await server.expectNoConnections()
  expect(document.querySelector('iframe')).toBeNull()
})

it('sends no request while enabled is false', async () => {
  const server = backend()
  const element = (enabled: boolean) => <Answer url={server.url('/jsonp/answer')} enabled={enabled} />
  const { rerender } = render(element(false))
  await expectAnswer('idle:undefined')
  rerender(element(true))
  await expectAnswer('closed:"1"')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('throws for invalid options during render', () => {
  const originalError = console.error
  console.error = () => {}
  expect(() => render(<Answer url="/" callbackParam="" />)).toThrow(/callbackParam/)
  console.error = originalError
})
