import { useMemo } from 'react'
import { type MonoTypeOperatorFunction, tap } from 'rxjs'
import type { WireEvent, WireOpen, WireState } from 'rxwire'

/** One event, and when it was seen. */
export interface SeenEvent {
  readonly id: number
  readonly atMs: number
  readonly event: WireEvent<unknown> | { readonly type: 'failed'; readonly message: string }
}

// Half a minute of a lively feed, and then some.
const KEEP = 2_000

/** The recorded events of a wire, for the timeline and the log. */
export class Session {
  readonly startedAtMs = Date.now()
  readonly events: SeenEvent[] = []
  #count = 0

  /** Records each event, and also an error and an unsubscribe, which are no events. */
  watch<T>(): MonoTypeOperatorFunction<WireEvent<T>> {
    return tap<WireEvent<T>>({
      next: (event) => this.#add(event),
      error: (error: Error) => this.#add({ type: 'failed', message: error.message }),
      unsubscribe: () => this.#add({ type: 'close', reason: 'unsubscribed', wasClean: true }),
    })
  }

  #add(event: SeenEvent['event']): void {
    this.#count += 1
    this.events.push({ id: this.#count, atMs: Date.now(), event })
    if (this.events.length > 2 * KEEP) this.events.splice(0, KEEP)
  }
}

export function useSession(): Session {
  return useMemo(() => new Session(), [])
}

/** The connection state after an event; `undefined` if the event does not change it. */
export function connectionAfter({ event }: SeenEvent): WireState<unknown>['connection'] | undefined {
  switch (event.type) {
    case 'connecting':
    case 'open':
    case 'waiting':
    case 'failed':
      return event.type
    case 'close':
      return 'closed'
    default:
      return undefined
  }
}

/** An event in a few words. */
export function describeEvent({ event }: SeenEvent): string {
  switch (event.type) {
    case 'connecting':
      return event.attempt === 0 ? 'first attempt' : `attempt ${event.attempt}`
    case 'open':
      return describeOpen(event)
    case 'progress':
      return `${event.loaded} bytes ${event.direction === 'upload' ? 'up' : 'down'}, no message: a sign of life`
    case 'message':
      return [event.id && `id ${event.id}`, event.name, JSON.stringify(event.data)].filter(Boolean).join(' · ')
    case 'waiting':
      return `${seconds(event.delayMs)} · ${typeof event.cause === 'string' ? event.cause : event.cause.message}`
    case 'close':
      return [event.code, event.reason, event.wasClean ? 'clean' : 'not clean'].filter(Boolean).join(' · ')
    case 'failed':
      return event.message
  }
}

function describeOpen({ status, headers, protocol, continuity }: WireOpen): string {
  const server = headers?.get('x-server')
  return [status && `status ${status}`, server && `server ${server}`, protocol, continuity].filter(Boolean).join(' · ')
}

/** Why the engine waits and for how long, in a word or two. */
export function shortCause(event: SeenEvent['event']): string {
  if (event.type !== 'waiting') return ''
  const { cause, delayMs } = event
  if (typeof cause === 'string') return cause
  return `${'status' in cause ? cause.status : cause.kind} · ${seconds(delayMs)}`
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
