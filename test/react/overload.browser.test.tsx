import { cleanup, render } from '@testing-library/react'
import { Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'
import { useWire } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { expectText, textOf } from './support.tsx'

afterEach(cleanup)

const MESSAGES = 3_000

it('renders messages while the task queue of the page is full', async () => {
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
  // All messages are queued at once. Each is a separate task of one millisecond, like the messages of a socket.
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
  // Updates that React defers would run after all of these tasks, so only the first and last value would be seen.
  expect(seen.size).toBeGreaterThan(5)
  await expectText('feed', String(MESSAGES))
})
