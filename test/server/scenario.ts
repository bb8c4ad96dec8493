import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import type { Lab } from './lab.ts'

/** Where the scenarios are: everything else is somebody else's. */
export const PREFIX = '/wire'

/** Somebody at the door of a scenario. */
export interface Caller {
  readonly request: IncomingMessage
  readonly query: URLSearchParams
  /** Which test or story asks: each has counters, faults and connections of its own. */
  readonly key: string
  /** How often this key has asked for this path before: 0 the first time. */
  readonly nth: number
  readonly lab: Lab
}

/** One request to a scenario. */
export interface Visit extends Caller {
  readonly response: ServerResponse
  /** All that was sent, as it came; nothing for a scenario that reads it itself. */
  readonly body: Buffer
}

/** A way in which a server behaves, at an address. */
export interface Scenario {
  readonly path: string
  /** Whether everything below the path is this scenario's, too. */
  readonly isFolder?: boolean
  /** Whether it decides by itself what other origins may do; every other scenario lets them in. */
  readonly answersPreflight?: boolean
  /** Whether it reads what is sent by itself, while it comes. */
  readonly readsBody?: boolean
  serve(visit: Visit): void | Promise<void>
}

/** One socket that is open to a scenario. */
export interface SocketVisit extends Caller {
  readonly socket: WebSocket
}

/** A way in which a server behaves over a WebSocket, at an address. */
export interface SocketScenario {
  readonly path: string
  /** The status to refuse a handshake with; `undefined` lets the caller in. */
  refuse?(caller: Caller): number | undefined
  /** The subprotocol to answer with, `false` to leave its header out. Without this, it is the first that is offered. */
  protocol?(offered: ReadonlySet<string>, query: URLSearchParams): string | false
  serve(visit: SocketVisit): void | Promise<void>
}
