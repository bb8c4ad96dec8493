import type { WireEvent } from 'rxwire'
import type { Choice } from '../../server/fuzz/choice.ts'

/** Calls a function after a time in milliseconds. */
export type Later = (ms: number, run: () => void) => void

/** What a consumer needs to leave. */
export interface LeaveTools {
  readonly choice: Choice
  readonly later: Later
  /** Leaves. Only the first call counts. */
  readonly stop: () => void
}

/** When a consumer leaves. */
export interface Leave {
  readonly name: string
  /** Called when it has subscribed. */
  subscribed?(tools: LeaveTools): void
  /** Called during each event. */
  event?(event: WireEvent<unknown>, tools: LeaveTools): void
  /** Called when a provider is called: for a url, headers, a first frame or a fingerprint. */
  asked?(tools: LeaveTools): void
}

export const stays: Leave = { name: 'stays' }

const isMessage = ({ type }: WireEvent<unknown>) => type === 'message'
const isWait = ({ type }: WireEvent<unknown>) => type === 'waiting'

export const leaves: readonly [Leave, ...Leave[]] = [
  stays,
  { name: 'leaves in the same tick', subscribed: ({ stop }) => stop() },
  { name: 'leaves in a microtask', subscribed: ({ stop }) => queueMicrotask(stop) },
  { name: 'leaves soon', subscribed: ({ stop, choice, later }) => later(choice.below(10), stop) },
  { name: 'leaves after a time', subscribed: ({ stop, choice, later }) => later(choice.below(20_000), stop) },
  { name: 'leaves during an event', event: (_, { stop, choice }) => choice.chance(0.3) && stop() },
  { name: 'leaves after an event', event: (_, { stop, choice }) => choice.chance(0.3) && queueMicrotask(stop) },
  { name: 'leaves in a burst', event: (event, { stop, choice }) => isMessage(event) && choice.chance(0.4) && stop() },
  { name: 'leaves at the start of a wait', event: (event, { stop }) => isWait(event) && stop() },
  {
    name: 'leaves during a wait',
    event: (event, { stop, choice, later }) => event.type === 'waiting' && later(choice.random() * event.delayMs, stop),
  },
  { name: 'leaves when a provider is called', asked: ({ stop }) => stop() },
  { name: 'leaves after a provider was called', asked: ({ stop }) => queueMicrotask(stop) },
  { name: 'leaves while a provider runs', asked: ({ stop, choice, later }) => later(choice.below(2_000), stop) },
]
