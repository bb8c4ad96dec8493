import type { WireState } from 'rxwire'
import { expect, onTestFinished } from 'vitest'
import { quick } from '../quick.ts'
import type { Harness, Mounted, Shown } from './harness/harness.ts'

/** A component in the page. */
export interface View<V> extends Mounted<V> {
  text(): string
  expectText(text: string | RegExp): Promise<void>
  renders(): number
  call(name: string, ...args: unknown[]): unknown
}

/** Mounts a component in the page. */
export async function show<V>(harness: Harness, shown: Omit<Shown<V>, 'onRender'>): Promise<View<V>> {
  const container = document.body.appendChild(document.createElement('div'))
  let renders = 0
  const onRender = () => {
    renders += 1
  }
  const mounted = await harness.mount({ ...shown, onRender }, container)
  let isMounted = true
  const unmount = () => {
    if (isMounted) mounted.unmount()
    isMounted = false
  }
  onTestFinished(() => {
    unmount()
    container.remove()
  })
  const text = () => container.textContent?.trim() ?? ''
  return {
    ...mounted,
    unmount,
    text,
    expectText: (expected) => expect.poll(text).toMatch(expected),
    renders: () => renders,
    call: (name, ...args) => (mounted.read(name) as (...args: unknown[]) => unknown)(...args),
  }
}

/** Shows fields of an event source. */
export function showFeed(
  harness: Harness,
  url: string | null,
  options: object = {},
  shows: readonly (keyof WireState<unknown>)[] = ['connection', 'data'],
): Promise<View<string | null>> {
  return show<string | null>(harness, {
    use: 'eventSource',
    input: url,
    options: { reconnect: quick, ...options },
    shows,
  })
}
