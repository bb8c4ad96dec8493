import { cleanup, render } from '@testing-library/react'
import { startTransition, useState } from 'react'
import { useEventSource } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { expectText, textOf } from './support.tsx'

afterEach(cleanup)

function Feed({ url }: { url: string }) {
  const { data } = useEventSource(url, { decode: Number })
  return <output aria-label="feed">{data}</output>
}

const PARTS = 40

it('does not make React restart a transition in each animation frame', async () => {
  let started = 0
  /** Takes 5 ms to render, so all parts together take several animation frames. */
  function Part({ index }: { index: number }) {
    if (index === 0) started += 1
    const untilMs = performance.now() + 5
    while (performance.now() < untilMs);
    return null
  }
  let follow = () => {}
  function Page() {
    const [page, setPage] = useState('home')
    follow = () => startTransition(() => setPage('elsewhere'))
    return (
      <>
        <output aria-label="page">{page}</output>
        {page === 'elsewhere' &&
          // biome-ignore lint/suspicious/noArrayIndexKey: The list never changes.
          Array.from({ length: PARTS }, (_, index) => <Part key={index} index={index} />)}
      </>
    )
  }
  render(
    <>
      <Page />
      <Feed url={backend().url('/sse/feed', { count: 1_000_000, everyMs: 4 })} />
    </>,
  )
  await expectText('feed', /\d/)
  follow()
  await expectText('page', 'elsewhere')
  // React may restart the transition a few times, for example for user input, but not in each animation frame.
  expect(started).toBeLessThan(10)
})

it('keeps rendering messages while an unrelated transition is pending', async () => {
  let act = () => {}
  function Form() {
    const [isSaved, setSaved] = useState(false)
    // React commits no other transition until an async one has ended.
    act = () =>
      startTransition(async () => {
        await new Promise(() => {})
        setSaved(true)
      })
    return <output aria-label="form">{String(isSaved)}</output>
  }
  render(
    <>
      <Form />
      <Feed url={backend().url('/sse/feed', { count: 1_000_000, everyMs: 4 })} />
    </>,
  )
  await expectText('feed', /\d/)
  act()
  await new Promise((resolve) => setTimeout(resolve, 100))
  const before = Number(textOf('feed'))
  await expect.poll(() => Number(textOf('feed'))).toBeGreaterThan(before + 10)
  await expectText('form', 'false')
})
