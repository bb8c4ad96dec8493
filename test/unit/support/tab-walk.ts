import type { Subscription } from 'rxjs'
import { fromEventSource, type WireEvent, WireMemory, withMemory } from 'rxwire'
import type { FakeNetwork } from 'rxwire/testing'
import { expect } from 'vitest'
import { acrossTabsOf } from '../../../adapters/tabs/across-tabs.ts'
import { FakeBrowser, type FakePage } from './fake-browser.ts'

const KEY = 'ticks:tenant-1/ada'

/** A page that reads numbered messages, like a store: it resumes where it stopped. */
export class Reader {
  readonly page: FakePage
  readonly events: WireEvent<number>[] = []
  error: unknown
  isComplete = false
  readonly #memory = new WireMemory()
  readonly #history: number
  #subscription: Subscription | undefined

  constructor(page: FakePage, history = 20) {
    this.page = page
    this.#history = history
    this.join()
  }

  get numbers(): number[] {
    return this.events.flatMap((event) => (event.type === 'message' ? [event.data] : []))
  }

  get gaps(): number {
    return this.events.filter((event) => event.type === 'open' && event.continuity === 'gap').length
  }

  join(): void {
    if (this.#subscription !== undefined || this.page.state !== 'runs') return
    const { fetch } = this.page.implementations
    const open = (start: { readonly resumeFrom: string | undefined }) =>
      this.page.hangable(fromEventSource('/ticks', { decode: Number, fetch, ...start }))
    const wire = acrossTabsOf(this.page, open, { key: KEY, history: this.#history })
    this.#subscription = wire.pipe(withMemory(this.#memory)).subscribe({
      next: (event) => this.events.push(event),
      error: (error) => {
        this.error = error
      },
      complete: () => {
        this.isComplete = true
      },
    })
  }

  /** What the engine does when the page is frozen or stored. */
  leave(): void {
    if (this.page.state === 'runs') this.end()
  }

  end(): void {
    this.#subscription?.unsubscribe()
    this.#subscription = undefined
  }
}

/** One step of a walk. `which` is a page, or the leader. */
export type TabStep =
  | { readonly kind: 'send'; readonly count: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'open' | 'cut' | 'offline' | 'online' | 'clear storage' }
  | {
      readonly kind: 'freeze' | 'resume' | 'kill' | 'hang' | 'thaw' | 'hide' | 'show' | 'slow' | 'fast'
      readonly which: number | 'leader'
    }

/** Several tabs of one browser, and the server that they read. */
export class TabWalk {
  readonly net: FakeNetwork
  readonly browser: FakeBrowser
  readonly readers: Reader[] = []
  readonly log: ReturnType<FakeNetwork['log']>
  #sent = 0

  constructor(net: FakeNetwork, tabs: number, start: 'earliest' | 'now' = 'earliest') {
    this.net = net
    this.browser = new FakeBrowser(net)
    this.log = net.log('/ticks', { start })
    for (let tab = 0; tab < tabs; tab += 1) this.open()
  }

  get sent(): number {
    return this.#sent
  }

  get leader(): Reader | undefined {
    const [page] = this.browser.leaders
    return this.readers.find((reader) => reader.page === page)
  }

  open(): Reader {
    const reader = new Reader(this.browser.open())
    this.readers.push(reader)
    return reader
  }

  send(count: number): void {
    for (let nth = 0; nth < count; nth += 1) {
      this.#sent += 1
      this.log.send(String(this.#sent))
    }
  }

  async take(step: TabStep): Promise<void> {
    if (step.kind === 'send') this.send(step.count)
    else if (step.kind === 'pass') await this.net.advance(step.ms)
    else if (step.kind === 'cut') this.log.cut()
    else if (step.kind === 'offline') this.net.offline()
    else if (step.kind === 'online') this.net.online()
    else if (step.kind === 'clear storage') this.browser.storage.clear()
    else if ('which' in step) this.#touch(step)
    else if (this.#alive.length < 8) this.open()
    this.check()
  }

  #touch({ kind, which }: Extract<TabStep, { readonly which: unknown }>): void {
    const alive = this.#alive
    const reader = which === 'leader' ? this.leader : alive[which % alive.length]
    if (reader === undefined) return
    const { page } = reader
    if (kind === 'freeze') reader.leave()
    else if (kind === 'resume') reader.join()
    else if (kind === 'kill' && alive.length > 1) page.kill()
    else if (kind === 'hang') page.hang()
    else if (kind === 'thaw') page.thaw()
    else if (kind === 'hide') page.isHiddenNow = true
    else if (kind === 'show') page.isHiddenNow = false
    else if (kind === 'slow') page.latencyMs = 700
    else if (kind === 'fast') page.latencyMs = 0
  }

  get #alive(): Reader[] {
    return this.readers.filter(({ page }) => page.state !== 'gone')
  }

  /** Every tab has seen each message once, in order. */
  check(): void {
    for (const { page, numbers, error, isComplete } of this.readers) {
      expect(error, page.name).toBeUndefined()
      expect(isComplete, page.name).toBe(false)
      const [first = 1] = numbers
      const expected = numbers.map((_, index) => first + index)
      // Faster than the comparison of the test runner.
      if (numbers.some((number, index) => number !== expected[index])) expect(numbers, page.name).toEqual(expected)
    }
  }

  /** Lets all tabs run again. They receive what they have missed, and one of them has the connection. */
  async settle(): Promise<void> {
    this.net.online()
    for (const reader of this.#alive) {
      reader.page.thaw()
      reader.page.latencyMs = 0
      reader.join()
    }
    await this.net.advance(200_000)
    this.send(3)
    await this.net.advance(60_000)
    this.check()
    for (const { page, numbers } of this.#alive) expect(numbers.at(-1), page.name).toBe(this.#sent)
    expect(
      this.#alive
        .map(({ page }) => page.connections)
        .sort()
        .reverse(),
    ).toEqual([1, ...this.#alive.slice(1).map(() => 0)])
    for (const reader of this.#alive) reader.leave()
    await this.net.advance(10_000)
    expect(this.net.open).toBe(0)
  }

  /** The wires of the pages that are gone are still subscribed. */
  end(): void {
    for (const reader of this.readers) reader.end()
  }
}
