import PartySocket from 'partysocket/ws'
import ReconnectingWebSocket from 'reconnecting-websocket'
import { CloseError, exponential, WireError } from 'rxwire'
import { OURS } from './compare.ts'
import { versioned } from './versions.ts'

/** The delay before the next attempt, after so many failures in a row. `undefined` if the client gives up. */
export type NextDelay = (failures: number) => number | undefined

/** The reconnect policy of each library at its defaults. Each simulated client calls it once. */
export const reconnectDelays: ReadonlyMap<string, (random: () => number) => NextDelay> = new Map([
  [OURS, rxwireAfter(new CloseError('The server restarts.', { code: 1012, wasClean: true, retryable: true }))],
  [`${OURS}, not told that the server restarts`, rxwireAfter(new WireError('network', 'Gone.', { retryable: true }))],
  [versioned('reconnecting-websocket'), reconnectingWebSocket],
  [versioned('partysocket'), () => ownDelay(PartySocket, {})],
  // lib/attach-listener.js and lib/constants.js, with shouldReconnect: DEFAULT_RECONNECT_INTERVAL_MS and
  // DEFAULT_RECONNECT_LIMIT.
  [versioned('react-use-websocket'), () => (failures) => (failures <= 20 ? 5_000 : undefined)],
  // es/useWebSocket/index.js: reconnectInterval and reconnectLimit.
  [versioned('ahooks'), () => (failures) => (failures <= 3 ? 3_000 : undefined)],
  // dist/EventSource.js: #reconnectInterval.
  [versioned('eventsource'), () => () => 3_000],
  // lib/esm/fetch.js: DefaultRetryInterval.
  [versioned('@microsoft/fetch-event-source'), () => () => 1_000],
  // A common workaround, because rxjs does not reconnect by itself.
  [`webSocket and retry({ delay: 1000 }), ${versioned('rxjs')}`, () => () => 1_000],
])

function rxwireAfter(cause: WireError): (random: () => number) => NextDelay {
  const backoff = exponential()
  return (random) => (failures) => {
    const { floorMs, spanMs } = backoff(failures, cause)
    return floorMs + random() * spanMs
  }
}

/** The library draws one random number when its module loads, so each page keeps the same delay. */
function reconnectingWebSocket(random: () => number): NextDelay {
  return ownDelay(ReconnectingWebSocket, { minReconnectionDelay: 1_000 + random() * 4_000 })
}

/** Calls the private method with which both libraries compute their delay. */
function ownDelay(library: object, options: object): NextDelay {
  const nextDelay: unknown = Reflect.get(Reflect.get(library, 'prototype'), '_getNextDelay')
  if (typeof nextDelay !== 'function') throw new Error('The library has no method _getNextDelay.')
  return (failures) => Number(nextDelay.call({ _options: options, _retryCount: failures, _debug: () => {} }))
}
