import { fromEventSource, type WireCallbacks, type WireSource, type WireStore } from 'rxwire'
import type { InstallOptions } from 'rxwire/testing'
import { afterEach, expect } from 'vitest'
import { networkForEachTest } from './net.ts'

/** How often listeners are notified on a host without animation frames. */
export const FRAME_MS = 16

/** Connects to the log at `/feed` and resumes where the store asks. */
export const feedSource: WireSource<string> = ({ resumeFrom }) => fromEventSource('/feed', { resumeFrom })

/**
 * A fake network for each test in the file, and a function that subscribes a listener until the test is over. After
 * each test, no store may leave a connection, a timer or a listener of the page behind.
 */
export function storesForEachTest(install?: InstallOptions) {
  const net = networkForEachTest({}, install)
  const leaves: (() => void)[] = []
  afterEach(async () => {
    for (const leave of leaves.splice(0)) leave()
    // Longer than `load` and `lingerMs` keep a connection.
    await net.advance(60_000)
    expect(net).toMatchObject({ open: 0, timers: 0, listeners: 0 })
  })
  const listen = (store: WireStore<unknown>, listener: () => void = () => {}, callbacks?: WireCallbacks<never>) => {
    const leave = store.subscribe(listener, callbacks)
    leaves.push(leave)
    return leave
  }
  return { net, listen }
}
