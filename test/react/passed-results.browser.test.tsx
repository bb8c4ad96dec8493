import { cleanup, render } from '@testing-library/react'
import { createContext, memo, useContext } from 'react'
import { Subject } from 'rxjs'
import { setHintHandler, type WireEvent } from 'rxwire'
import { useWire, type WireResult } from 'rxwire/react'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { expectText } from './support.tsx'

afterEach(cleanup)

type Result = WireResult<string | undefined>

const message = (data: string): WireEvent<string> => ({ type: 'message', data })

/** Notes the hints during the test. */
function notedHints() {
  const topics: string[] = []
  setHintHandler(({ topic }) => topics.push(topic))
  onTestFinished(() => setHintHandler(undefined))
  return topics
}

it('keeps a child up to date that receives the result as a prop, for the fields that the child reads', async () => {
  const wire = new Subject<WireEvent<string>>()
  let renders = 0
  const Child = memo(({ feed }: { feed: Result }) => <output aria-label="child">{feed.data}</output>)
  const Parent = () => {
    renders += 1
    return <Child feed={useWire(wire)} />
  }
  const topics = notedHints()
  render(<Parent />)
  wire.next(message('one'))
  await expectText('child', 'one')
  wire.next(message('two'))
  await expectText('child', 'two')
  const before = renders
  wire.next({ type: 'progress', direction: 'download', loaded: 1 })
  wire.next(message('three'))
  await expectText('child', 'three')
  expect(renders - before).toBe(1)
  expect(topics).toEqual([])
})

it('keeps the consumers of a context up to date that holds the result', async () => {
  const wire = new Subject<WireEvent<string>>()
  const Feed = createContext<Result | undefined>(undefined)
  const Data = memo(() => <output aria-label="data">{useContext(Feed)?.data}</output>)
  const Connection = memo(() => <output aria-label="connection">{useContext(Feed)?.connection}</output>)
  const Provider = () => (
    <Feed.Provider value={useWire(wire)}>
      <Data />
      <Connection />
    </Feed.Provider>
  )
  render(<Provider />)
  wire.next({ type: 'connecting', attempt: 0 })
  await expectText('connection', 'connecting')
  wire.next(message('one'))
  await expectText('data', 'one')
  await expectText('connection', 'open')
})

it('hints at a rest element that reads every field, and not at the names of some', async () => {
  const wire = new Subject<WireEvent<string>>()
  const topics = notedHints()
  const Some = () => {
    const { data, connection, error, attempt, retryAt, close, parked, progress, cursor } = useWire(wire)
    const shown = [connection, error, attempt, retryAt, close, parked, progress.download, cursor].length
    return (
      <output aria-label="some">
        {data} {shown}
      </output>
    )
  }
  const Spread = () => {
    const { data, ...rest } = useWire(wire)
    return (
      <output aria-label="spread">
        {data} {rest.connection}
      </output>
    )
  }
  const { rerender } = render(<Some />)
  wire.next(message('one'))
  await expectText('some', /one/)
  expect(topics).toEqual([])
  rerender(<Spread />)
  expect(topics).toEqual(['every field'])
})
