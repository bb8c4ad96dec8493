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

it('does not make React begin a navigation anew with each frame', async () => {
  let begun = 0
  /** A part of a page that takes a while to render: all of them together take several frames. */
  function Part({ index }: { index: number }) {
    if (index === 0) begun += 1
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
          // biome-ignore lint/suspicious/noArrayIndexKey: They are numbered.
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
  // Once, or again for what a person may do meanwhile: not for each of the many frames.
  expect(begun).toBeLessThan(10)
})

it('goes on showing what comes while a transition of others waits', async () => {
  let act = () => {}
  function Form() {
    const [isSaved, setSaved] = useState(false)
    // React holds all transitions back until such a one has ended.
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
