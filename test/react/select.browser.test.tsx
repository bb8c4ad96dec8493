import { act, cleanup, render } from '@testing-library/react'
import { Suspense, startTransition, useState } from 'react'
import { Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'
import { useEventSource, useWebSocket, useWire } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { ErrorBoundary, expectText, keepConsoleQuiet, textOf } from './support.tsx'

afterEach(cleanup)

interface Quote {
  readonly symbol: string
  readonly price: number
}

/** A wire that the test emits on. No server can guarantee silence between two messages. */
function handMade() {
  const wire = new Subject<WireEvent<Quote>>()
  const quote = (symbol: string, price: number) => wire.next({ type: 'message', data: { symbol, price } })
  return { wire, quote }
}

const prices = {
  initial: {} as Readonly<Record<string, number>>,
  fold: (all: Readonly<Record<string, number>>, { symbol, price }: Quote) => ({ ...all, [symbol]: price }),
}

const frames = async (count: number) => {
  for (let frame = 0; frame < count; frame += 1) await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve, 20))
}

it('renders a component only when its selected value changes', async () => {
  const { wire, quote } = handMade()
  const renders = { a: 0, b: 0 }
  function Price({ symbol }: { symbol: 'a' | 'b' }) {
    renders[symbol] += 1
    const { data } = useWire(() => wire, { ...prices, key: 'prices', select: (all) => all[symbol] })
    return <output aria-label={symbol}>{data}</output>
  }
  render(
    <>
      <Price symbol="a" />
      <Price symbol="b" />
    </>,
  )
  quote('a', 1)
  await expectText('a', '1')
  const before = { ...renders }
  for (let price = 2; price < 5; price += 1) {
    quote('a', price)
    await expectText('a', String(price))
  }
  quote('c', 9)
  wire.next({ type: 'progress', direction: 'download', loaded: 1 })
  await frames(3)
  expect(renders.b).toBe(before.b)
  expect(renders.a).toBe(before.a + 3)
})

it('keeps the selected object while isEqual returns true', async () => {
  const { wire, quote } = handMade()
  const seen = new Set<readonly string[]>()
  let rerender = () => {}
  function Symbols() {
    const [, force] = useState({})
    rerender = () => force({})
    const { data } = useWire(wire, {
      ...prices,
      select: (all) => Object.keys(all),
      isEqual: (shown, next) => shown.join() === next.join(),
    })
    seen.add(data)
    return <output aria-label="symbols">{data.join()}</output>
  }
  render(<Symbols />)
  quote('a', 1)
  await expectText('symbols', 'a')
  quote('a', 2)
  await frames(2)
  act(() => rerender())
  expect(seen.size).toBe(2)
  quote('b', 1)
  await expectText('symbols', 'a,b')
  expect(seen.size).toBe(3)
})

it('uses the select function of the current render', async () => {
  const { wire, quote } = handMade()
  function Price({ symbol }: { symbol: string }) {
    const { data } = useWire(wire, { ...prices, select: (all) => all[symbol] })
    return <output aria-label="price">{data}</output>
  }
  const { rerender } = render(<Price symbol="a" />)
  quote('a', 1)
  quote('b', 2)
  await expectText('price', '1')
  rerender(<Price symbol="b" />)
  // No polling: the new value is in this render.
  expect(textOf('price')).toBe('2')
})

it('selects from the latest data, even if the component has not rendered it', async () => {
  const { wire, quote } = handMade()
  const shown: (number | undefined)[] = []
  function Price({ symbol }: { symbol: string }) {
    const { data } = useWire(wire, { ...prices, select: (all) => all[symbol] })
    shown.push(data)
    return <output aria-label="price">{data}</output>
  }
  const { rerender } = render(<Price symbol="a" />)
  quote('a', 1)
  await expectText('price', '1')
  quote('b', 2)
  await frames(2)
  rerender(<Price symbol="b" />)
  expect(shown).toEqual([undefined, 1, 2])
})

it('compares with the committed value, and not with the value of a pending transition', async () => {
  const { wire, quote } = handMade()
  const never = new Promise<void>(() => {})
  let go: (symbol: string) => void = () => {}
  const Wait = () => {
    throw never
  }
  function Dear() {
    const [symbol, setSymbol] = useState('a')
    go = setSymbol
    const { data } = useWire(wire, { ...prices, select: (all) => (all[symbol] ?? 0) > 10 })
    return (
      <>
        <output aria-label="dear">{`${symbol}:${data}`}</output>
        {symbol === 'b' && <Wait />}
      </>
    )
  }
  render(
    <Suspense>
      <Dear />
    </Suspense>,
  )
  quote('b', 20)
  quote('a', 20)
  await expectText('dear', 'a:true')
  quote('a', 1)
  await expectText('dear', 'a:false')
  startTransition(() => go('b'))
  await frames(2)
  quote('a', 20)
  await expectText('dear', 'a:true')
})

it('passes an error from select to the error boundary', async () => {
  keepConsoleQuiet()
  const { wire, quote } = handMade()
  function Price() {
    const { data } = useWire(wire, {
      ...prices,
      select: (all) => {
        if (all['a'] !== undefined) throw new Error('not for sale')
        return 'nothing yet'
      },
    })
    return <output aria-label="price">{data}</output>
  }
  render(
    <ErrorBoundary>
      <Price />
    </ErrorBoundary>,
  )
  await expectText('price', 'nothing yet')
  quote('a', 1)
  await expectText('boundary', /not for sale/)
})

it('renders only when a field that it reads changes', async () => {
  const { wire, quote } = handMade()
  let renders = 0
  function Connection() {
    renders += 1
    const { connection } = useWire(wire)
    return <output aria-label="connection">{connection}</output>
  }
  render(<Connection />)
  wire.next({ type: 'connecting', attempt: 0 })
  await expectText('connection', 'connecting')
  wire.next({ type: 'open' })
  await expectText('connection', 'open')
  const before = renders
  for (let price = 0; price < 5; price += 1) {
    quote('a', price)
    wire.next({ type: 'progress', direction: 'download', loaded: price })
    await frames(1)
  }
  expect(renders).toBe(before)
})

it('returns the current value of a field that it reads for the first time in a later render', async () => {
  const { wire, quote } = handMade()
  let look = () => {}
  function Curious() {
    const [isLooking, setLooking] = useState(false)
    look = () => setLooking(true)
    const result = useWire(wire)
    const price = isLooking ? `:${result.data?.price}` : ''
    return <output aria-label="curious">{result.connection + price}</output>
  }
  render(<Curious />)
  wire.next({ type: 'open' })
  await expectText('curious', 'open')
  quote('a', 1)
  quote('a', 2)
  await frames(2)
  act(() => look())
  await expectText('curious', 'open:2')
})

it('returns the current value of a field that a child reads later, when only the child renders', async () => {
  const { wire, quote } = handMade()
  let look = () => {}
  function Price({ of }: { of: { readonly data: Quote | undefined } }) {
    const [isLooking, setLooking] = useState(false)
    look = () => setLooking(true)
    return <output aria-label="price">{isLooking ? of.data?.price : 'closed'}</output>
  }
  function Page() {
    return <Price of={useWire(wire)} />
  }
  render(<Page />)
  quote('a', 1)
  quote('a', 2)
  await frames(2)
  act(() => look())
  await expectText('price', '2')
})

it('does not render for the send counts of a socket while it does not read them', async () => {
  const server = backend()
  let renders = 0
  let send: (text: string) => unknown = () => {}
  function Talk() {
    renders += 1
    const socket = useWebSocket(server.url('/ws/held'), { decode: String })
    send = socket.send
    return <output aria-label="talk">{socket.connection}</output>
  }
  render(<Talk />)
  await expectText('talk', 'open')
  const before = renders
  for (let n = 0; n < 5; n += 1) {
    send('hello')
    await frames(1)
  }
  await expect.poll(async () => (await server.stats()).received.length).toBe(5)
  await frames(3)
  expect(renders).toBe(before)
})

it('folds each message once, for a thousand components with the same key', async () => {
  const server = backend()
  const count = 500
  let folds = 0
  function Cell({ index }: { index: number }) {
    const { data } = useEventSource(server.url('/sse/feed', { count, everyMs: 2, hold: 1 }), {
      key: server.key,
      decode: Number,
      initial: 0,
      fold: (_, number) => {
        folds += 1
        return number
      },
      select: (number) => (number === count ? 'done' : number % 1_000 === index ? 'hit' : ''),
    })
    return <output aria-label={`cell ${index}`}>{data}</output>
  }
  render(
    Array.from({ length: 1_000 }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: The list never changes.
      <Cell key={index} index={index} />
    )),
  )
  await expectText('cell 999', 'done')
  expect(folds).toBe(count)
  expect((await server.stats()).seen).toHaveLength(1)
})
