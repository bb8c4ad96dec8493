import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useEffect, useState } from 'react'
import { fromFetchStream, text } from 'rxwire'
import { useEventSource, useFetchStream, useWebSocket } from 'rxwire/react'
import { fakeNetwork, wireMatchers } from 'rxwire/testing'
import { clocks } from './clocks.ts'

expect.extend(wireMatchers)

const net = fakeNetwork({ act })
const status = () => screen.getByRole('status').textContent

function Ticks() {
  const { data, connection, error } = useEventSource('/ticks')
  return <p role="status">{`${connection} ${data} ${error?.message}`}</p>
}

function Chat() {
  const { data, send } = useWebSocket('/chat', { keep: 10 })
  useEffect(() => void send('hello'), [send])
  return <p role="status">{data?.join()}</p>
}

function Answer() {
  const { data, start } = useFetchStream(() => fromFetchStream('/answer', { method: 'POST', decode: text() }), {
    initial: '',
    fold: (answer, piece) => answer + piece,
  })
  return (
    <>
      <button type="button" onClick={() => start()}>
        ask
      </button>
      <p role="status">{data}</p>
    </>
  )
}

function Name() {
  const [name, setName] = useState('nobody')
  useEffect(() => void fetch('/name').then(async (response) => setName(await response.text())), [])
  return <p>{name}</p>
}

/** A component that knows nothing of rxwire. */
function Plain() {
  const [text, setText] = useState('none')
  useEffect(() => {
    const source = new EventSource('/ticks')
    source.onmessage = ({ data }) => setText(data)
    return () => source.close()
  }, [])
  return <p role="status">{text}</p>
}

describe.each(clocks)('components with %s', (_, time) => {
  beforeEach(() => time.install(net))
  afterEach(async () => {
    cleanup()
    await net.advance()
    expect(net).toHaveNoLeaks()
    time.uninstall(net)
  })

  it('show what a hook receives, also in StrictMode', async () => {
    const feed = net.log('/ticks')
    render(<Ticks />, { wrapper: StrictMode })
    feed.send('a')
    await net.advance(100)
    expect(status()).toBe('open a undefined')
    feed.answer(403)
    feed.cut()
    await net.advance(10_000)
    expect(status()).toMatch(/^failed a .* responded with 403/)
    expect(feed.attempts).toHaveLength(2)
  })

  it('send over a socket', async () => {
    const chat = net.socket('/chat', (socket) => {
      socket.onMessage = (frame) => socket.send(`got ${frame}`)
    })
    render(<Chat />)
    await net.advance(100)
    expect(status()).toBe('got hello')
    expect(chat.received).toEqual(['hello'])
  })

  it('stream an answer after a click', async () => {
    net.route('POST', '/answer', async function* (_, { wait }) {
      yield 'Once '
      await wait(1_000)
      yield 'upon'
    })
    render(<Answer />)
    act(() => screen.getByRole('button').click())
    await net.advance(500)
    expect(status()).toBe('Once ')
    await net.advance(1_000)
    expect(status()).toBe('Once upon')
  })

  it('may use the classes of the browser themselves', async () => {
    const feed = net.log('/ticks')
    render(<Plain />)
    feed.send('a')
    await net.advance()
    expect(status()).toBe('a')
  })
})

// The fake timers of Vitest stop such queries for ever, with or without this library.
it('a component is found by a query of Testing Library that waits', async () => {
  net.install()
  net.route('GET', '/name', () => 'Ada')
  render(<Name />)
  expect((await screen.findByText('Ada')).tagName).toBe('P')
  cleanup()
  net.uninstall()
})
