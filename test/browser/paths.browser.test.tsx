import { render } from '@testing-library/react'
import { createOutbox, fromEventSource, fromWebSocket, isWireError, type WireEvent } from 'rxwire'
import { useWire } from 'rxwire/react'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'

// The length of a path is the number of source files whose code is on the call stack while a message, a failure or a sent
// message passes through. Helpers that return before the next step (a clock, a table) do not count.

const because = unable('show async calls in a stack')

beforeEach(() => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = Number.POSITIVE_INFINITY
  onTestFinished(() => {
    Error.stackTraceLimit = stackTraceLimit
  })
})

/** The source files in a stack trace. */
function filesIn(stack = new Error().stack): string[] {
  return [...(stack ?? '').matchAll(/\/((?:src|adapters)\/[\w/-]+\.tsx?)/g)].map(([, file = '']) => file)
}

/** Collects the files of several stack traces, each of which is one hop of a path. */
function createPath() {
  const files = new Set<string>()
  return {
    add: (stack?: string) => {
      for (const file of filesIn(stack)) files.add(file)
    },
    files: () => [...files].sort(),
  }
}

it.skipIf(because !== '')(`takes a message through at most 6 files to its subscriber${because}`, async () => {
  const path = createPath()
  let received = 0
  const subscription = fromEventSource(backend().url('/sse/feed', { count: 1_000, everyMs: 20 })).subscribe((event) => {
    if (event.type !== 'message') return
    received += 1
    path.add()
  })
  onTestFinished(() => subscription.unsubscribe())
  await expect.poll(() => received).toBeGreaterThan(2)
  expect(path.files()).toContain('src/engine/running-attempt.ts')
  expect(path.files().length, path.files().join('\n')).toBeLessThanOrEqual(6)
})

it.skipIf(because !== '')(`takes a message through at most 11 files to the screen${because}`, async () => {
  const path = createPath()
  const url = backend().url('/sse/feed', { count: 1_000, everyMs: 20 })
  function Last() {
    const { data } = useWire(() => fromEventSource(url), {
      initial: '',
      // From the socket to the state.
      fold: (_, last) => {
        path.add()
        return last
      },
      // From the animation frame to React, which compares the selection, and in the render.
      select: (last) => {
        path.add()
        return last
      },
    })
    return <output>{data}</output>
  }
  const { container, unmount } = render(<Last />)
  onTestFinished(unmount)
  await expect.poll(() => Number(container.textContent)).toBeGreaterThan(2)
  expect(path.files()).toEqual(expect.arrayContaining(['src/store/live-store.ts', 'adapters/react/use-wire.ts']))
  expect(path.files().length, path.files().join('\n')).toBeLessThanOrEqual(11)
})

it.skipIf(because !== '')(`takes a failure through at most 8 files to its wait${because}`, async () => {
  const path = createPath()
  const proxy = await backend().proxy()
  const types: WireEvent<string>['type'][] = []
  const subscription = fromEventSource(proxy.url('/sse/feed', { count: 1_000, everyMs: 20 })).subscribe((event) => {
    types.push(event.type)
    if (event.type !== 'waiting') return
    path.add()
    if (isWireError(event.cause)) path.add(event.cause.stack)
  })
  onTestFinished(() => subscription.unsubscribe())
  await expect.poll(() => types).toContain('message')
  await proxy.order({ cut: true })
  await expect.poll(() => types).toContain('waiting')
  expect(path.files()).toEqual(expect.arrayContaining(['src/engine/retry-wait.ts', 'src/http/network-error.ts']))
  expect(path.files().length, path.files().join('\n')).toBeLessThanOrEqual(8)
})

it.skipIf(because !== '')(`takes a message through at most 8 files from send to the socket${because}`, async () => {
  const path = createPath()
  class TracedWebSocket extends WebSocket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      path.add()
      super.send(data)
    }
  }
  const outbox = createOutbox<string>()
  const wire = fromWebSocket(backend().url('/ws/echo'), { outgoing: outbox, WebSocket: TracedWebSocket })
  const subscription = wire.subscribe()
  onTestFinished(() => subscription.unsubscribe())
  await outbox.send('connect')
  await outbox.send('hello')
  expect(path.files()).toEqual(expect.arrayContaining(['src/outbox/outbox.ts', 'src/outbox/send-gate.ts']))
  expect(path.files().length, path.files().join('\n')).toBeLessThanOrEqual(8)
})
