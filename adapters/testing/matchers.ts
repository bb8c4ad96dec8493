import type { WireEvent } from 'rxwire'
import { FakeNetwork } from './fake-network.ts'
import { WireRecord } from './record.ts'

/** An event by its type, or with some of its fields. Asymmetric matchers of the test runner may stand for a field. */
export type ExpectedEvent = WireEvent<unknown>['type'] | Readonly<Record<string, unknown>>

/** The matchers of {@link wireMatchers}, for the types of the test runner. */
export interface WireMatchers<R = unknown> {
  /** The wire has emitted exactly these events, in this order. */
  toEmit(expected: readonly ExpectedEvent[]): R
  /** The wire has delivered exactly these messages, in this order. */
  toDeliver(expected: readonly unknown[]): R
  /** The wire has ended with an error that has these fields. */
  toFailWith(expected: Readonly<Record<string, unknown>>): R
  /** No connection is open, and every request had a route. */
  toHaveNoLeaks(): R
}

/** What Vitest and Jest give to a matcher. */
interface MatcherContext {
  readonly equals: (one: unknown, other: unknown) => boolean
  readonly utils: { readonly stringify: (value: unknown) => string }
}

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

type Matcher<Args extends unknown[]> = (this: MatcherContext, received: unknown, ...args: Args) => MatcherResult

/**
 * Matchers for records of wires and for fake networks: `toEmit`, `toDeliver`, `toFailWith`, `toHaveNoLeaks`.
 *
 * @example
 * ```ts
 * import { wireMatchers } from 'rxwire/testing'
 * import { expect } from 'vitest'
 *
 * expect.extend(wireMatchers)
 * ```
 */
export const wireMatchers: {
  readonly toEmit: Matcher<[readonly ExpectedEvent[]]>
  readonly toDeliver: Matcher<[readonly unknown[]]>
  readonly toFailWith: Matcher<[Readonly<Record<string, unknown>>]>
  readonly toHaveNoLeaks: Matcher<[]>
} = {
  toEmit(received, expected) {
    const { events } = recordOf(received, 'toEmit')
    const matches = (event: WireEvent<unknown>, at: number) => {
      const wanted = expected[at]
      return typeof wanted === 'string' ? event.type === wanted : hasFields(this, event, wanted)
    }
    return {
      pass: events.length === expected.length && events.every(matches),
      message: () => `expected the wire to emit\n${lines(this, expected)}\nbut it emitted\n${lines(this, events)}`,
    }
  },
  toDeliver(received, expected) {
    const { data } = recordOf(received, 'toDeliver')
    return {
      pass: this.equals(data, expected),
      message: () => `expected the wire to deliver\n${lines(this, expected)}\nbut it delivered\n${lines(this, data)}`,
    }
  },
  toFailWith(received, expected) {
    const { error, isComplete } = recordOf(received, 'toFailWith')
    const outcome = () => {
      if (error !== undefined) return `it failed with ${this.utils.stringify({ ...error, message: error.message })}`
      return isComplete ? 'it completed' : 'it has not ended'
    }
    return {
      pass: error !== undefined && hasFields(this, error, expected),
      message: () => `expected the wire to fail with ${this.utils.stringify(expected)}, but ${outcome()}`,
    }
  },
  toHaveNoLeaks(received) {
    if (!(received instanceof FakeNetwork))
      throw new TypeError('toHaveNoLeaks needs a fake network: expect(net).toHaveNoLeaks()')
    const leaks = received.leaks()
    return {
      pass: leaks.length === 0,
      message: () => `expected no leaks, but found\n${leaks.map((leak) => `  ${leak}`).join('\n')}`,
    }
  },
}

function recordOf(received: unknown, matcher: string): WireRecord<unknown> {
  if (received instanceof WireRecord) return received
  throw new TypeError(`${matcher} needs a record of a wire: expect(recordWire(wire)).${matcher}(…)`)
}

function hasFields(context: MatcherContext, value: object, fields: Readonly<Record<string, unknown>> = {}): boolean {
  return Object.entries(fields).every(([name, wanted]) =>
    context.equals((value as Readonly<Record<string, unknown>>)[name], wanted),
  )
}

function lines({ utils }: MatcherContext, values: readonly unknown[]): string {
  return values.map((value) => `  ${typeof value === 'string' ? value : utils.stringify(value)}`).join('\n')
}
