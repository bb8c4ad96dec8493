import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import type { Lab } from './lab.ts'

/** The path prefix of all scenarios. */
export const PREFIX = '/wire'

/** A request or handshake for a scenario, before the response. */
export interface Caller {
  readonly request: IncomingMessage
  readonly query: URLSearchParams
  /** Identifies the test or story. Each one has its own counters, faults and connections. */
  readonly key: string
  /** How many requests this key has sent to this path before: 0 the first time. */
  readonly nth: number
  readonly lab: Lab
}

/** One request to a scenario. */
export interface Visit extends Caller {
  readonly response: ServerResponse
  /** The request body. Empty if the scenario reads it itself. */
  readonly body: Buffer
}

/** A behaviour of the server under a path. */
export interface Scenario {
  readonly path: string
  /** Whether the scenario also serves every path below its own. */
  readonly isFolder?: boolean
  /** Whether the scenario handles CORS itself. All other scenarios allow every origin. */
  readonly answersPreflight?: boolean
  /** Whether the scenario reads the request body itself, as a stream. */
  readonly readsBody?: boolean
  serve(visit: Visit): void | Promise<void>
}

/** One open socket of a scenario. */
export interface SocketVisit extends Caller {
  readonly socket: WebSocket
}

/** A behaviour of the server over a WebSocket under a path. */
export interface SocketScenario {
  readonly path: string
  /** The status to refuse a handshake with; `'hold'` never answers it, `undefined` accepts it. */
  refuse?(caller: Caller): number | 'hold' | undefined
  /** The subprotocol to choose; `false` leaves the header out. Default: the first one that is offered. */
  protocol?(offered: ReadonlySet<string>, query: URLSearchParams): string | false
  serve(visit: SocketVisit): void | Promise<void>
}
