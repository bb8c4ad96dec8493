import { Subject, takeUntil } from 'rxjs'
import { HttpError, isWireError, type WireEvent } from 'rxwire'
import { Choice } from '../../server/fuzz/choice.ts'
import { type FuzzKind, FuzzSession } from '../../server/fuzz/session.ts'
import { type Later, type Leave, type LeaveTools, leaves, stays } from './leaves.ts'
import type { FuzzContext, FuzzTransport } from './subscriptions.ts'

/** What a handshake meets. */
export type FuzzDoor = 'socket' | 'refused' | 'held'

/** How consumers reach their servers. */
export interface FuzzHost extends Pick<FuzzContext, 'reconnect' | 'ms'> {
  readonly seed: number
  /** Whether consumers leave by themselves. */
  readonly leavesItself: boolean
  readonly later: Later
  /** The address of the server of a subscription, with a query that is not complete. */
  address(kind: FuzzKind | FuzzDoor, number: number): string
}

/** A request that a server has received. */
export interface FuzzSeen {
  readonly atMs: number
  readonly method: string
  /** Whether it asks for the start, not for what follows a cursor. */
  readonly isStart: boolean
}

const EVENTS_SHOWN = 40

/** How often each event came. */
export type Counts = Record<WireEvent<unknown>['type'] | 'error', number>

export const NO_EVENTS: Counts = { connecting: 0, open: 0, progress: 0, message: 0, waiting: 0, close: 0, error: 0 }

/** One subscription, by a consumer with unreliable providers that may leave at any time. It notes what must not happen. */
export class FuzzConsumer {
  readonly number: number
  readonly transport: FuzzTransport
  readonly problems: string[] = []
  readonly requests: FuzzSeen[] = []
  readonly counts: Counts = { ...NO_EVENTS }
  /** When attempts started, in milliseconds. */
  readonly attemptsMs: number[] = []
  readonly #host: FuzzHost
  readonly #choice: Choice
  readonly #leave: Leave
  readonly #tools: LeaveTools
  /** The share of providers that do not return at once. */
  readonly #unreliability: number
  readonly #session: FuzzSession
  readonly #left = new Subject<void>()
  readonly #ids = new Set<string>()
  readonly #events: (readonly [atMs: number, WireEvent<unknown>])[] = []
  /** How often it was told 401. [spec] RFC 9110 §15.5.2: the server has not acted on such a request. */
  #refusals = 0
  #lastNumber = 0
  #end: string | undefined
  #requestsWhenLeft = Number.POSITIVE_INFINITY

  constructor(host: FuzzHost, number: number, transport: FuzzTransport) {
    const choice = new Choice(host.seed, number, 1)
    this.#host = host
    this.number = number
    this.transport = transport
    this.#choice = choice
    this.#leave = host.leavesItself ? choice.of(leaves) : stays
    this.#tools = { choice, later: host.later, stop: this.stop }
    this.#unreliability = choice.of([0, 0.3])
    this.#session = new FuzzSession(host.seed, number)
  }

  start(): void {
    this.transport
      .connect(this.#context())
      .pipe(takeUntil(this.#left))
      .subscribe({
        next: (event) => this.#onEvent(event),
        error: (error: unknown) => {
          this.counts.error += 1
          if (!isWireError(error)) this.problems.push(`it failed with ${error}, which is not a WireError`)
          this.#finish(`failed: ${error}`)
        },
        complete: () => this.#finish('completed'),
      })
    if (this.#end === undefined) this.#leave.subscribed?.(this.#tools)
  }

  readonly stop = (): void => {
    if (this.#end !== undefined) return
    this.#end = 'left'
    this.#requestsWhenLeft = this.requests.length
    this.#left.next()
  }

  /** Adds what is wrong with the requests. Call it when everything is over. */
  checkRequests(): void {
    const { isUnsafe, repeatsOnlyToResume } = this.transport
    const { length } = this.requests
    if (isUnsafe && length > 1) this.problems.push(`an unsafe request was sent ${length} times`)
    const starts = this.requests.filter(({ isStart }) => isStart).length - this.#refusals
    if (repeatsOnlyToResume && starts > 1) this.problems.push('an unsafe request was started again')
  }

  /** Whether a request was sent after the consumer had left. */
  get hasRequestedSince(): boolean {
    return this.requests.length > this.#requestsWhenLeft
  }

  /** What has happened, to find out why. */
  toString(): string {
    const events = this.#events.slice(-EVENTS_SHOWN).map(([atMs, event]) => `${atMs % 1e7} ${shown(event)}`)
    const requests = this.requests
      .slice(-EVENTS_SHOWN)
      .map(({ atMs, method, isStart }) => `${atMs % 1e7} ${method}${isStart ? ' from the start' : ''}`)
    const title = `subscription ${this.number}, ${this.transport.name}, ${this.#leave.name}: ${this.problems.join(', ')}`
    return [title, ...events, this.#end ?? 'active', `requests: ${requests.join(', ')}`].join('\n  ')
  }

  #context(): FuzzContext {
    const { number } = this
    const { reconnect, ms, address } = this.#host
    return {
      reconnect,
      ms,
      key: String(number),
      address: (kind) => address(kind, number),
      url:
        (kind, query = () => '') =>
        ({ cursor }) =>
          this.#provide(address(kind === 'socket' ? this.#choice.of(DOORS) : kind, number) + query(cursor)),
      provide: (value) => () => this.#provide(value),
    }
  }

  /** Returns a value, or a promise that resolves now, later or never, or throws. */
  #provide<V>(value: V): V | Promise<V> {
    const choice = this.#choice
    this.#leave.asked?.(this.#tools)
    if (!choice.chance(this.#unreliability)) return value
    if (choice.chance(0.1)) throw new Error('no value now')
    if (choice.chance(0.05)) return new Promise<V>(() => {})
    const delayMs = choice.of([0, 1, 300, 2_000])
    if (delayMs === 0) return Promise.resolve(value)
    return new Promise<V>((resolve) => this.#host.later(delayMs, () => resolve(value)))
  }

  #onEvent(event: WireEvent<unknown>): void {
    const { type } = event
    this.#events.push([Date.now(), event])
    if (this.#end !== undefined) this.problems.push(`${type} came after the end`)
    if (this.#events.length === 1 && type !== 'connecting') this.problems.push(`${type} was the first event`)
    this.counts[type] += 1
    if (type === 'connecting') this.attemptsMs.push(Date.now())
    if (type === 'waiting' && event.cause instanceof HttpError && event.cause.status === 401) this.#refusals += 1
    if (type === 'message' && event.id !== undefined) this.#checkId(event.id)
    if (this.#end === undefined) this.#leave.event?.(event, this.#tools)
  }

  /** Expects that no message comes twice, and that none is left out of the records of a stream. */
  #checkId(id: string): void {
    const { plan, records } = this.#session
    // A server that makes its clients forget the resume point sends its messages again.
    if (plan.forgets) return
    if (this.#ids.has(id)) this.problems.push(`the message ${id} was delivered twice`)
    this.#ids.add(id)
    if (!this.transport.hasRecords) return
    for (let n = this.#lastNumber + 1; n < Number(id); n += 1) {
      if (records.isCertain(n)) this.problems.push(`the message ${n} was skipped`)
    }
    this.#lastNumber = Number(id)
  }

  #finish(how: string): void {
    if (this.#end === 'left') return
    if (this.#end !== undefined) this.problems.push(`it ${how} after it ${this.#end}`)
    this.#end = how
  }
}

/** Most handshakes of sockets succeed, some are refused, some are never answered. */
const DOORS = ['socket', 'socket', 'socket', 'socket', 'socket', 'socket', 'refused', 'held'] as const

function shown(event: WireEvent<unknown>): string {
  const fields = Object.entries(event).map(([name, value]) =>
    value instanceof Headers ? JSON.stringify([...value]) : name === 'data' ? JSON.stringify(value) : String(value),
  )
  return fields.join(' ').slice(0, 300)
}
