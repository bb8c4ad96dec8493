import { cleanup, render } from '@testing-library/react'
import { Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'
import { useWire } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { expectText, textOf } from './support.tsx'

afterEach(cleanup)

const MESSAGES = 3_000

it('shows what comes while the tasks of a page are queueing', async () => {
  const wire = new Subject<WireEvent<number>>()
  let folds = 0
  function Feed() {
    const { data } = useWire(wire, {
      initial: 0,
      fold: (_, n) => {
        folds += 1
        return n
      },
    })
    return <output aria-label="feed">{data}</output>
  }
  render(<Feed />)
  await expectText('feed', '0')
  const seen = new Set<string | undefined>()
  // All queued at once, each a task of its own that takes a millisecond, as the messages of a socket are.
  const { port1, port2 } = new MessageChannel()
  const done = new Promise<void>((resolve) => {
    port2.onmessage = ({ data: n }) => {
      seen.add(textOf('feed'))
      wire.next({ type: 'message', data: n })
      const untilMs = performance.now() + 1
      while (performance.now() < untilMs);
      if (n === MESSAGES) resolve()
    }
  })
  for (let n = 1; n <= MESSAGES; n += 1) port1.postMessage(n)
  await done
  expect(folds).toBe(MESSAGES)
  // What React puts off waits behind them all: it would be the first and the last that are seen.
  expect(seen.size).toBeGreaterThan(5)
  await expectText('feed', String(MESSAGES))
})
