import { isObservable, lastValueFrom, map, Observable, of, type Subscriber, tap, throwError } from 'rxjs'
import { callAsync, callNamed, callSync } from '../callback.ts'
import { isWireError, type WireError } from '../errors.ts'
import { reconnect } from '../operators/reconnect.ts'
import { takeContext, withContext } from '../subscription-context.ts'
import type { Wire, WireEvent } from '../wire.ts'
import type { WireMemory } from '../wire-memory.ts'
import type { Run, RunPoint } from './run.ts'

/** What an answer is, besides its run. */
export interface AnswerOptions<I> {
  readonly id: string
  readonly runId: string
  /** What to start it with; `undefined` if it was started before. */
  readonly start: { readonly input: I } | undefined
  /** Called when the answer was sent, named, or has ended. */
  readonly onChange: () => void
}

/** One answer: it is started once, and attached to any number of times until it has ended. */
export class Answer<I, T> {
  /** Whether attaching may bring more of it. */
  isRunning = true
  /** Why it has ended; `undefined` if it was complete or stopped. */
  failure: WireError | undefined

  readonly #run: Run<I, T>
  readonly #onChange: () => void
  #point: RunPoint
  #isNamed = false
  /** Pending until it is sent. */
  #start: { readonly input: I } | undefined
  /** Pending while the server has not accepted the start. */
  #accepted: Promise<void> | undefined
  /** Whether the connection is that of the start. */
  #isStart = false
  /** The failure of a start that the server may not have received. */
  #lostStart: WireError | undefined

  #memory: WireMemory | undefined
  #lastId: string | undefined
  /** How many messages were delivered, and the place of the last one: another connection may deliver them again. */
  #delivered = 0
  #position = 0
  #hasNews = false

  constructor(run: Run<I, T>, { id, runId, start, onChange }: AnswerOptions<I>) {
    this.#run = run
    this.#point = { id, runId }
    this.#start = start
    this.#onChange = onChange
  }

  get runId(): string {
    return this.#point.runId
  }

  /** Where to attach; `undefined`: at the start. It also moves with records that are no messages. */
  get cursor(): string | undefined {
    return this.#memory?.cursor ?? this.#lastId
  }

  /** Returns the wire of one connection of the store. */
  connect(resumeFrom: string | undefined): Wire<T> {
    const { failure } = this
    if (failure !== undefined) return throwError(() => failure)
    if (!this.isRunning) return of({ type: 'close', wasClean: true })
    this.#lastId = resumeFrom
    const { reconnect: policy } = this.#run
    const source = new Observable<WireEvent<T>>((subscriber) => this.#open(subscriber))
    return source.pipe(
      reconnect({
        ...policy,
        shouldRetry: (error, context) => {
          const verdict = this.#judge(error)
          return policy?.shouldRetry?.(error, context) ?? verdict
        },
      }),
      tap({
        next: (event) => this.#onEvent(event),
        error: (error: WireError) => this.#onFailure(error),
        complete: () => this.#end(),
      }),
    )
  }

  /** Ends it on the server, if it was sent. */
  async stop(): Promise<void> {
    if (!this.isRunning) return
    this.#end()
    if (this.#start !== undefined) return
    // The server may name the answer in its response to the start.
    await this.#accepted?.catch(() => {})
    const stopping = this.#run.stop?.(this.#point)
    await (isObservable(stopping) ? lastValueFrom(stopping, { defaultValue: undefined }) : stopping)
  }

  /** Sends the start, or attaches. Runs again for each attempt. */
  #open(subscriber: Subscriber<WireEvent<T>>): void {
    takeContext((context) => {
      this.#memory = context.memory
      const subscribe = (wire: Wire<T>) => withContext(context, () => wire.subscribe(subscriber))
      const started = this.#send()
      this.#isStart = started !== undefined || this.#accepted !== undefined
      if (started !== undefined) subscribe(started)
      else if (this.#accepted === undefined) subscribe(this.#attached())
      else {
        this.#accepted.then(
          () => {
            if (subscriber.closed) return
            this.#isStart = false
            subscribe(this.#attached())
          },
          (error) => subscriber.error(error),
        )
      }
    })
  }

  /** Sends the start, once. Returns the wire of its response, if it is that of the answer. */
  #send(): Wire<T> | undefined {
    const start = this.#start
    if (start === undefined) return undefined
    this.#isStart = true
    this.#start = undefined
    // Before the request is sent: after a reload, the page must attach and not start again.
    this.#onChange()
    const started = callNamed('start', () => this.#run.start(start.input, this.#point))
    if (isObservable(started)) return started
    this.#accept(started)
    return undefined
  }

  #accept(started: Promise<unknown>): void {
    const accepted = callAsync('start', () => started)
      .then(
        (result) => {
          if (typeof result === 'string') this.#name(result)
        },
        (error: WireError) => {
          this.#lostStart = error
          throw error
        },
      )
      .finally(() => {
        this.#accepted = undefined
      })
    // There may be no connection any more that waits for it.
    accepted.catch(() => {})
    this.#accepted = accepted
  }

  /** Returns the wire of what follows the last message, or of the whole answer. */
  #attached(): Wire<T> {
    const resumeFrom = this.cursor
    const isWhole = resumeFrom === undefined
    this.#position = isWhole ? 0 : this.#delivered
    this.#hasNews = false
    let startsOver = isWhole && this.#delivered > 0
    const wire = callNamed('resume', () => this.#run.resume({ ...this.#point, resumeFrom }))
    return wire.pipe(
      map((event) => {
        if (event.type === 'close' && this.#lostStart !== undefined) throw this.#lostStart
        if (event.type !== 'open' || event.status === 204) return event
        this.#lostStart = undefined
        const isReset = startsOver && event.continuity === undefined
        startsOver = false
        return isReset ? { ...event, continuity: 'reset' } : event
      }),
    )
  }

  /** Returns whether to attach after a failure. `undefined`: if it is retryable. */
  #judge(error: WireError): boolean | undefined {
    if (this.#isStart) {
      const isLost = isLostRequest(error)
      if (isLost && this.#delivered === 0) this.#lostStart = error
      return isLost
    }
    if (error === this.#lostStart) return false
    if (this.#lostStart !== undefined && !error.retryable) throw this.#lostStart
    // The answer itself may be incomplete. Attaching again and again would not change that.
    if (error.kind === 'truncated') return this.#hasNews
    return isTransient(error) || undefined
  }

  #onEvent(event: WireEvent<T>): void {
    if (event.type !== 'message') return
    this.#lastId = event.id ?? this.#lastId
    this.#position += 1
    this.#hasNews ||= this.#position > this.#delivered
    this.#delivered = Math.max(this.#delivered, this.#position)
    const { runIdOf } = this.#run
    if (runIdOf === undefined || this.#isNamed) return
    const runId = callSync('runIdOf', () => runIdOf(event.data))
    if (typeof runId === 'string') this.#name(runId)
  }

  #name(runId: string): void {
    this.#isNamed = true
    this.#point = { ...this.#point, runId }
    this.#onChange()
  }

  /** The answer has ended if attaching again cannot bring more of it. */
  #onFailure(error: WireError): void {
    const isRefused = this.#isStart && !isLostRequest(error)
    const isReported = error.kind === 'closed' && !isTransient(error)
    const isIncomplete = error.kind === 'truncated' && !this.#hasNews
    if (isRefused || isReported || isIncomplete || error === this.#lostStart) this.#end(error)
  }

  #end(failure?: WireError): void {
    this.isRunning = false
    this.failure = failure
    this.#onChange()
  }
}

/** Whether another attempt may succeed, although a request that is not safe to repeat must not be repeated. */
function isTransient({ retryable, cause }: WireError): boolean {
  return retryable || (isWireError(cause) && cause.retryable)
}

/** Whether the server may have received a request that failed. */
function isLostRequest(error: WireError): boolean {
  return isTransient(error) && error.kind !== 'http' && error.kind !== 'auth'
}
