import { cleanup, render, screen } from '@testing-library/react'
import { Profiler, startTransition, useState } from 'react'
import { useEventSource, useWebSocket } from 'rxwire/react'
import { afterEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { backend } from '../backend.ts'
import { expectText, textOf } from './support.tsx'

afterEach(cleanup)

const PER_SECOND = 10_000
const COUNT = 10 * PER_SECOND
// Long enough for the user input to happen during the stream, also on a slow machine.
const STREAM_SECONDS = 55

/** Sums up the received messages. `isWhole` is true while they are consecutive. */
interface Flood {
  readonly count: number
  readonly last: number
  readonly isWhole: boolean
}

const counting = {
  decode: Number,
  initial: { count: 0, last: 0, isWhole: true } as Flood,
  fold: ({ count, last, isWhole }: Flood, n: number): Flood => ({
    count: count + 1,
    last: n,
    isWhole: isWhole && n === last + 1,
  }),
}

const feeds = {
  useWebSocket: (url: string) => useWebSocket(url, counting).data,
  useEventSource: (url: string) => useEventSource(url, counting).data,
}
const paths = { useWebSocket: '/ws/firehose', useEventSource: '/sse/firehose' }

function Feed({ use, url }: { use: (url: string) => Flood; url: string }) {
  const { count, isWhole } = use(url)
  return (
    <>
      <output aria-label="count">{count}</output>
      <output aria-label="whole">{String(isWhole)}</output>
    </>
  )
}

/** A page that takes React longer than an animation frame to render. */
function Elsewhere() {
  return Array.from({ length: 2_000 }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: The list never changes.
    <p key={index}>{index}</p>
  ))
}

/** A page with a text field, and a link that navigates in a transition. */
function Page({ children }: { children: React.ReactNode }) {
  const [text, setText] = useState('')
  const [page, setPage] = useState('home')
  return (
    <>
      <input aria-label="field" value={text} onChange={({ target }) => setText(target.value)} />
      <button type="button" aria-label="link" onClick={() => startTransition(() => setPage('elsewhere'))}>
        {page}
      </button>
      {page === 'elsewhere' && <Elsewhere />}
      {children}
    </>
  )
}

const countNow = () => Number(textOf('count'))

describe.each(['useWebSocket', 'useEventSource'] as const)('%s at 10,000 messages a second', (name) => {
  it('loses no message, renders at most once per animation frame and keeps the page responsive', async () => {
    const server = backend()
    let frames = 0
    let counter = requestAnimationFrame(function next() {
      frames += 1
      counter = requestAnimationFrame(next)
    })
    let commits = 0
    render(
      <Page>
        <Profiler id="feed" onRender={() => (commits += 1)}>
          <Feed use={feeds[name]} url={server.url(paths[name], { perSecond: PER_SECOND, seconds: STREAM_SECONDS })} />
        </Profiler>
      </Page>,
    )
    await expect.poll(countNow).toBeGreaterThan(PER_SECOND)
    // By keyboard, because a click first waits until its target is stable.
    screen.getByLabelText('field').focus()
    await userEvent.keyboard('still here')
    await expect.poll(() => (screen.getByLabelText('field') as HTMLInputElement).value).toBe('still here')
    screen.getByLabelText('link').focus()
    await userEvent.keyboard('{Enter}')
    await expectText('link', 'elsewhere')
    await expect.poll(countNow, { timeout: 50_000 }).toBeGreaterThanOrEqual(COUNT)
    expect(countNow()).toBeLessThan(PER_SECOND * STREAM_SECONDS)
    cancelAnimationFrame(counter)
    expect(textOf('whole')).toBe('true')
    // Two more: the first render, and the fallback timer for an animation frame that does not fire.
    expect(commits).toBeLessThanOrEqual(frames + 2)
    expect(commits).toBeGreaterThan(10)
  })
})
