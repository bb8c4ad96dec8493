import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Lab } from './lab.ts'

/** One request to a scenario. */
export interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** Which test or story asks: each has counters, faults and connections of its own. */
  readonly key: string
  /** How often this key has asked for this path before: 0 the first time. */
  readonly nth: number
  readonly lab: Lab
}

/** A way in which a server behaves, at an address. */
export interface Scenario {
  readonly path: string
  serve(visit: Visit): void | Promise<void>
}
