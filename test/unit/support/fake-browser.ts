import { Observable } from 'rxjs'
import type { Wire } from 'rxwire'
import type { FakeNetwork } from 'rxwire/testing'
import type { TabPlatform } from '../../../adapters/tabs/platform.ts'

interface LockRequest {
  readonly page: FakePage
  readonly hold: () => Promise<void>
  readonly reject: (reason: unknown) => void
}

/** One browser with Web Locks, channels and storage, whose pages run in this process. */
export class FakeBrowser {
  readonly net: FakeNetwork
  readonly storage = new Map<string, number>()
  readonly pages: FakePage[] = []
  readonly channels = new Map<string, Set<FakeChannel>>()
  /** For each lock the requests, in order. The first one holds it. */
  readonly #locks = new Map<string, LockRequest[]>()

  constructor(net: FakeNetwork) {
    this.net = net
  }

  open(): FakePage {
    const page = new FakePage(this, `page ${this.pages.length}`)
    this.pages.push(page)
    return page
  }

  holderOf(name: string): FakePage | undefined {
    return this.#locks.get(name)?.[0]?.page
  }

  /** The pages that hold a lock. */
  get leaders(): FakePage[] {
    return [...this.#locks.values()].flatMap(([first]) => (first === undefined ? [] : [first.page]))
  }

  request(name: string, request: LockRequest, signal: AbortSignal): void {
    const queue = this.#locks.get(name) ?? []
    this.#locks.set(name, queue)
    queue.push(request)
    signal.addEventListener('abort', () => {
      if (queue[0] === request || !queue.includes(request)) return
      queue.splice(queue.indexOf(request), 1)
      request.reject(signal.reason)
    })
    if (queue.length === 1) this.#grant(queue)
  }

  /** What the browser does when a page has gone. */
  releaseAll(page: FakePage): void {
    for (const queue of this.#locks.values()) {
      const [holder] = queue
      const left = queue.filter((request) => request.page !== page || request === holder)
      queue.splice(0, queue.length, ...left)
      if (holder?.page === page) this.#release(queue)
    }
  }

  #grant(queue: LockRequest[]): void {
    const [request] = queue
    request?.page.runSoon(() => {
      request.hold().then(() => {
        if (queue[0] === request) this.#release(queue)
      })
    })
  }

  #release(queue: LockRequest[]): void {
    queue.shift()
    this.#grant(queue)
  }
}

class FakeChannel {
  readonly page: FakePage
  readonly onData: (data: unknown) => void
  readonly #arriving: unknown[] = []
  #arrivesAtMs = 0

  constructor(page: FakePage, onData: (data: unknown) => void) {
    this.page = page
    this.onData = onData
  }

  /** Keeps the order of the frames, also when the page becomes faster. */
  arrive(data: unknown): void {
    if (this.page.isDeaf) return
    const nowMs = Math.ceil(performance.now())
    this.#arrivesAtMs = Math.max(this.#arrivesAtMs, nowMs + this.page.latencyMs)
    this.#arriving.push(data)
    setTimeout(() => {
      const next = this.#arriving.shift()
      this.page.run(() => this.page.isListening(this) && this.onData(next))
    }, this.#arrivesAtMs - nowMs)
  }
}

/** A page that may hang (it runs nothing, and keeps its locks and connections) or be gone. */
export class FakePage implements TabPlatform {
  readonly name: string
  readonly frames: unknown[] = []
  isHiddenNow = false
  /** Whether frames for this page are lost. */
  isDeaf = false
  latencyMs = 0
  readonly #browser: FakeBrowser
  readonly #tab: ReturnType<FakeNetwork['tab']>
  readonly #channels = new Map<FakeChannel, string>()
  #state: 'runs' | 'hangs' | 'gone' = 'runs'
  #waiting: (() => void)[] = []

  constructor(browser: FakeBrowser, name: string) {
    this.#browser = browser
    this.name = name
    this.#tab = browser.net.tab()
  }

  get implementations() {
    return this.#tab.implementations
  }

  get connections(): number {
    return this.#tab.open
  }

  get state() {
    return this.#state
  }

  hang(): void {
    if (this.#state === 'runs') this.#state = 'hangs'
  }

  thaw(): void {
    if (this.#state !== 'hangs') return
    this.#state = 'runs'
    for (const run of this.#waiting.splice(0)) this.run(run)
  }

  /** Ends the page without running any of its code. */
  kill(): void {
    if (this.#state === 'gone') return
    this.#state = 'gone'
    this.#waiting = []
    for (const channel of this.#channels.keys()) this.#close(channel)
    this.#tab.close()
    this.#browser.releaseAll(this)
  }

  run(task: () => void): void {
    if (this.#state === 'runs') task()
    else if (this.#state === 'hangs') this.#waiting.push(task)
  }

  runSoon(task: () => void): void {
    setTimeout(() => this.run(task), 0)
  }

  /** Lets a wire of this page hang with it. */
  hangable<T>(wire: Wire<T>): Wire<T> {
    return new Observable((subscriber) =>
      wire.subscribe({
        next: (event) => this.run(() => subscriber.next(event)),
        error: (error) => this.run(() => subscriber.error(error)),
        complete: () => this.run(() => subscriber.complete()),
      }),
    )
  }

  isListening(channel: FakeChannel): boolean {
    return this.#channels.has(channel)
  }

  newId(): string {
    return `${this.name} ${Math.random()}`
  }

  lock(name: string, signal: AbortSignal, hold: () => Promise<void>): Promise<unknown> {
    return new Promise((_, reject) => this.#browser.request(name, { page: this, hold, reject }, signal))
  }

  openChannel(name: string, onData: (data: unknown) => void) {
    const { channels } = this.#browser
    const channel = new FakeChannel(this, onData)
    const all = channels.get(name) ?? new Set()
    channels.set(name, all.add(channel))
    this.#channels.set(channel, name)
    return {
      post: (data: unknown) => {
        const copy = structuredClone(data)
        this.frames.push(copy)
        if (this.#channels.has(channel)) for (const other of all) if (other !== channel) other.arrive(copy)
      },
      close: () => this.#close(channel),
    }
  }

  nextTerm(name: string, seen: number): number {
    const term = Math.max(this.#browser.storage.get(name) ?? 0, seen) + 1
    this.#browser.storage.set(name, term)
    return term
  }

  isHidden(): boolean {
    return this.isHiddenNow
  }

  now(): number {
    return performance.now()
  }

  after(delayMs: number, run: () => void): () => void {
    let isCancelled = false
    const timer = setTimeout(() => this.run(() => isCancelled || run()), delayMs)
    return () => {
      isCancelled = true
      clearTimeout(timer)
    }
  }

  #close(channel: FakeChannel): void {
    this.#browser.channels.get(this.#channels.get(channel) ?? '')?.delete(channel)
    this.#channels.delete(channel)
  }
}
