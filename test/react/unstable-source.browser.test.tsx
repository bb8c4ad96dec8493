import { cleanup, render } from '@testing-library/react'
import { StrictMode, useMemo, useState } from 'react'
import { fromEventSource } from 'rxwire'
import { useSuspenseWire, useWire } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { ErrorBoundary, expectText, keepConsoleQuiet } from './support.tsx'

afterEach(cleanup)

const url = () => backend().url('/sse/held', { events: 'data: hello\n\n' })

it.each<[string, (url: string) => void]>([
  ['useWire', (url) => useWire(fromEventSource(url))],
  ['useSuspenseWire', (url) => useSuspenseWire(fromEventSource(url), { key: url })],
])('%s throws when its source is another wire in each render, and names the remedy', async (_, use) => {
  keepConsoleQuiet()
  const feed = url()
  const Feed = () => {
    const [count, setCount] = useState(0)
    use(feed)
    return (
      <button type="button" onClick={() => setCount(count + 1)}>
        {count}
      </button>
    )
  }
  const { findByText } = render(<ErrorBoundary>{<Feed />}</ErrorBoundary>, { wrapper: StrictMode })
  await expect.poll(async () => (await findByText(/^(0|TypeError)/)).click()).toBe(undefined)
  await expectText('boundary', /another wire in each render.*\(\) => fromEventSource\(url\)/)
})

it('throws when a value of restartOn is another one in each render', async () => {
  keepConsoleQuiet()
  const feed = url()
  const Feed = () => <output>{useWire(() => fromEventSource(feed), { restartOn: [{}] }).data}</output>
  render(
    <ErrorBoundary>
      <Feed />
    </ErrorBoundary>,
  )
  await expectText('boundary', /restartOn/)
})

it('accepts a source that changes with state, many times', async () => {
  const feed = url()
  let next = () => {}
  const Feed = () => {
    const [count, setCount] = useState(0)
    const [shown, setShown] = useState(0)
    // Derived during the render, which React repeats: the source changes twice before the commit.
    if (shown !== count) setShown(count)
    next = () => setCount(count + 1)
    const wire = useMemo(() => fromEventSource(`${feed}&of=${count}-${shown}`), [count, shown])
    return <output aria-label="feed">{`${count}:${useWire(wire).data}`}</output>
  }
  render(<Feed />, { wrapper: StrictMode })
  for (let count = 0; count < 15; count += 1) {
    await expectText('feed', `${count}:hello`)
    next()
  }
})
