import { cleanup, render } from '@testing-library/react'
import { fromEventSource } from 'rxwire'
import { useEventSource, useWebSocket, useWire } from 'rxwire/react'
import { acrossTabs, tabs } from 'rxwire/tabs'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { ErrorBoundary, expectText, keepConsoleQuiet, textOf } from './support.tsx'

afterEach(cleanup)

describe('a hook with tabs', () => {
  it('shares its connection with another tab, and resumes there', async () => {
    const server = backend()
    const url = server.url('/sse/feed', { count: 1_000_000, everyMs: 20 })
    // The key of the hook and its address, as another tab would have it.
    const Ticks = () => {
      const { data = 0 } = useEventSource<number>(url, { decode: Number, key: server.key, tabs: tabs() })
      return <output aria-label="number">{data}</output>
    }
    const first = render(<Ticks />)
    await expectText('number', /[1-9]/)
    const seen = new Promise<number>((resolve) => {
      const key = JSON.stringify([server.key, JSON.stringify(['event-source', url, {}, null, null])])
      const open = (start: { resumeFrom: string | undefined }) => fromEventSource(url, { decode: Number, ...start })
      const other = acrossTabs(open, { key }).subscribe((event) => event.type === 'message' && resolve(event.data))
      onTestFinished(() => other.unsubscribe())
    })
    expect(await seen).toBe(1)
    const before = Number(textOf('number'))
    expect((await server.stats()).seen).toHaveLength(1)
    first.unmount()
    await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
    render(<Ticks />)
    await expect.poll(() => Number(textOf('number'))).toBeGreaterThan(before)
    expect((await server.stats()).seen).toHaveLength(2)
  })

  it('resumes a wire that does not take a resume point', async () => {
    const server = backend()
    const url = server.url('/sse/feed', { count: 1_000_000, everyMs: 20 })
    const wire = fromEventSource(url, { decode: Number })
    const Ticks = () => {
      const { data } = useWire(wire, { key: server.key, tabs: tabs(), initial: 0, fold: (count) => count + 1 })
      return <output aria-label="count">{data}</output>
    }
    render(<Ticks />)
    await expect.poll(() => Number(textOf('count'))).toBeGreaterThan(3)
    expect((await server.stats()).seen).toHaveLength(1)
  })

  it('sends over a socket', async () => {
    const server = backend()
    const Echo = () => {
      const { data, send } = useWebSocket(server.url('/ws/echo'), { decode: String, key: server.key, tabs: tabs() })
      return (
        <button type="button" aria-label="echo" onClick={() => void send('hello')}>
          {data}
        </button>
      )
    }
    const { getByLabelText } = render(<Echo />)
    getByLabelText('echo').click()
    await expectText('echo', 'hello')
  })

  it('throws without a key', () => {
    keepConsoleQuiet()
    const Ticks = () => <output>{useEventSource('/ticks', { tabs: tabs() }).data}</output>
    const { getByLabelText } = render(
      <ErrorBoundary>
        <Ticks />
      </ErrorBoundary>,
    )
    expect(getByLabelText('boundary').textContent).toContain('tabs needs a key')
  })
})
