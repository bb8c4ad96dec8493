import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useState } from 'react'
import { exponential, json } from 'rxwire'
import { type UsePollOptions, usePoll } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'

afterEach(cleanup)

const quick = { backoff: exponential({ floorMs: 1, baseMs: 5, capMs: 20, restartMs: 5 }) }

interface State {
  readonly version: number
}

/** Shows the version of a state, and the connection. */
function Version({ url, ...options }: { url: string } & UsePollOptions<State, 'json'>) {
  // A function: a codec is read only when the connection opens, and the tests change the decoder.
  const decode = (body: unknown) => body as State
  const { data, connection } = usePoll(url, { decode, everyMs: 20, reconnect: quick, ...options })
  return <output aria-label="version">{`${connection}:${data?.version}`}</output>
}

async function expectText(text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText('version').textContent)).toMatch(text)
}

it('sends one request when it mounts under StrictMode, and one per interval after that', async () => {
  const server = backend()
  const { rerender, unmount } = render(<Version url={server.url('/poll/state')} everyMs={60_000} />, {
    wrapper: StrictMode,
  })
  await expectText('open:0')
  expect((await server.stats()).seen).toHaveLength(1)
  rerender(<Version url={server.url('/poll/state', { turn: 2 })} />)
  await expectText(/^open:[3-9]/)
  unmount()
  await server.expectNoConnections()
})

it('keeps the same object while the server responds with 304', async () => {
  const server = backend()
  const states = new Set<State>()
  function Watched() {
    const { data } = usePoll(server.url('/poll/state', { changes: 1_000 }), { decode: json<State>(), everyMs: 20 })
    if (data !== undefined) states.add(data)
    return <output aria-label="version">{data?.version}</output>
  }
  render(<Watched />)
  await expect.poll(() => act(async () => (await server.stats()).seen.length)).toBeGreaterThan(10)
  expect([...states]).toEqual([{ version: 0 }])
})

it('keeps the last n responses with keep, and folds them with fold', async () => {
  const server = backend()
  function Kept() {
    const { data } = usePoll(server.url('/poll/state', { of: 'kept' }), { decode: json<State>(), everyMs: 20, keep: 3 })
    return <output aria-label="kept">{data.map(({ version }) => version).join()}</output>
  }
  function Summed() {
    const { data } = usePoll(server.url('/poll/state', { of: 'folded' }), {
      everyMs: 20,
      responseType: 'text',
      initial: '',
      fold: (text, body) => text + body,
    })
    return <output aria-label="version">{data}</output>
  }
  render(
    <>
      <Kept />
      <Summed />
    </>,
  )
  await expect.poll(() => act(async () => screen.getByLabelText('kept').textContent)).toMatch(/^\d+,\d+,\d+$/)
  await expectText(/^\{"version":\d+}\{"version":\d+}/)
})

it('sends changed headers with the next request, without restarting the poll', async () => {
  const server = backend()
  const url = server.url('/poll/state')
  const element = (token: string) => <Version url={url} headers={{ authorization: token }} />
  const { rerender } = render(element('first'))
  await expectText(/^open/)
  rerender(element('second'))
  await expect
    .poll(() => act(async () => (await server.stats()).seen.map(({ authorization }) => authorization).join(' ')))
    .toMatch(/^first (first )*second/)
  await expectText(/^open/)
})

it('calls the callbacks of the last render, and completes when endsWhen returns true', async () => {
  const server = backend()
  const url = server.url('/poll/state')
  const { rerender } = render(<Version url={url} endsWhen={() => false} />)
  await expectText(/^open:[2-9]/)
  rerender(<Version url={url} endsWhen={() => true} />)
  await expectText(/^closed/)
  await server.expectNoConnections()
})

it('starts a new poll when the query changes', async () => {
  const server = backend()
  const url = server.url('/poll/state')
  const { rerender } = render(<Version url={url} everyMs={60_000} query={{ of: 'one' }} />)
  await expectText('open:0')
  rerender(<Version url={url} everyMs={60_000} query={{ of: 'one' }} />)
  rerender(<Version url={url} everyMs={60_000} query={{ of: 'two' }} />)
  await expectText('open:1')
  const asked = (await server.stats()).seen.map(({ url }) => /of=(\w+)/.exec(url)?.[1])
  expect(asked).toEqual(['one', 'two'])
})

it('stays closed after stop, and sends the ETag of its data on reconnect', async () => {
  const server = backend()
  const states = new Set<State>()
  let press = { stop: () => {}, reconnect: () => {} }
  function Controlled() {
    const { data, connection, stop, reconnect } = usePoll(server.url('/poll/state', { changes: 1_000 }), {
      decode: json<State>(),
      everyMs: 60_000,
    })
    press = { stop, reconnect }
    if (data !== undefined) states.add(data)
    return <output aria-label="version">{`${connection}:${data?.version}`}</output>
  }
  render(<Controlled />)
  await expectText('open:0')
  act(() => press.stop())
  await expectText('closed:0')
  act(() => press.reconnect())
  await expectText('open:0')
  expect((await server.stats()).seen).toHaveLength(2)
  // The second response was a 304, so the data is the same object.
  expect([...states]).toEqual([{ version: 0 }])
})

it('sends no request while enabled is false, and starts from resumeFrom', async () => {
  const server = backend()
  const url = server.url('/poll/state', { changes: 1_000 })
  const { rerender } = render(<Version url={url} enabled={false} resumeFrom={'"v0"'} everyMs={60_000} />)
  await expectText('idle:undefined')
  expect((await server.stats()).seen).toHaveLength(0)
  rerender(<Version url={url} resumeFrom={'"v0"'} everyMs={60_000} />)
  await expectText('open:undefined')
})

it('shares one poll between components with the same key', async () => {
  const server = backend()
  const url = server.url('/poll/state')
  function Shared() {
    const { data } = usePoll(url, { decode: json<State>(), everyMs: 60_000, key: server.key })
    return <output title="shared">{data?.version}</output>
  }
  function Pair() {
    const [both, setBoth] = useState(false)
    return (
      <>
        <Shared />
        {both && <Shared />}
        <button type="button" onClick={() => setBoth(true)}>
          both
        </button>
      </>
    )
  }
  render(<Pair />, { wrapper: StrictMode })
  await expect.poll(() => act(async () => screen.getByTitle('shared').textContent)).toBe('0')
  act(() => screen.getByText('both').click())
  expect(screen.getAllByTitle('shared').map(({ textContent }) => textContent)).toEqual(['0', '0'])
  expect((await server.stats()).seen).toHaveLength(1)
})

it('throws for invalid options during render', () => {
  const originalError = console.error
  console.error = () => {}
  expect(() => render(<Version url="/state" everyMs={0} />)).toThrow(/everyMs/)
  expect(() => render(<Version url="/state" method="POST" />)).toThrow(/safe to repeat/)
  console.error = originalError
})

it('uses callbacks that are added later', async () => {
  const server = backend()
  const url = server.url('/poll/state')
  const { rerender } = render(<Version url={url} />)
  await expectText(/^open:\d/)
  rerender(<Version url={url} decode={() => ({ version: -1 })} />)
  await expectText('open:-1')
  rerender(<Version url={url} decode={() => ({ version: -2 })} endsWhen={({ version }) => version === -2} />)
  await expectText('closed:-2')
  await server.expectNoConnections()
})
