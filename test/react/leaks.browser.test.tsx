import { act, cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { useEventSource } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { collectGarbage } from '../devtools.ts'
import { unable } from '../engines/limits.ts'

afterEach(cleanup)

const because = unable('collect garbage on demand')
const name = `leaves no connection and no live instance after 1,000 mounts and unmounts under StrictMode${because}`

it.skipIf(because !== '')(name, async () => {
  const server = backend()
  const url = server.url('/sse/held')
  const instances: WeakRef<object>[] = []
  function Mounted() {
    // One AbortSignal per connection. Only the library can keep it alive.
    useEventSource(url, {
      fetch: (target, init) => {
        instances.push(new WeakRef(init.signal as AbortSignal))
        return fetch(target, init)
      },
    })
    return null
  }
  const timesToOpen = 50
  for (let n = 0; n < 1_000; n += 1) {
    const { unmount } = render(<Mounted />, { wrapper: StrictMode })
    // Most unmount at once. Some stay mounted until the connection is open.
    if (n % (1_000 / timesToOpen) === 0) {
      const opened = instances.length + 1
      await expect.poll(() => act(async () => instances.length)).toBeGreaterThanOrEqual(opened)
      await expect.poll(async () => (await server.stats()).open).toBeGreaterThan(0)
    }
    unmount()
  }
  await server.expectNoConnections()
  expect(instances.length).toBeGreaterThanOrEqual(timesToOpen)
  await expect
    .poll(async () => {
      await collectGarbage()
      return instances.filter((instance) => instance.deref() !== undefined).length
    })
    .toBe(0)
})
