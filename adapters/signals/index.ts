/**
 * Wires as Preact signals: each field of the state is a signal. For Preact, for React with `@preact/signals-react`, and
 * without a framework.
 *
 * @module rxwire/signals
 */

import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals-core'
import {
  type CreateHost,
  defineEventSource,
  defineFetchStream,
  defineUpload,
  defineWebSocket,
  defineWire,
  isServer,
  type OpenEventSource,
  type OpenFetchStream,
  type OpenUpload,
  type OpenWebSocket,
  type OpenWire,
  type ReactiveTypes,
  whileWatched,
} from 'rxwire/reactive'

/** The reactive types of Preact signals: arguments may be functions that read signals, results are signals. */
export interface SignalTypes extends ReactiveTypes {
  readonly input: this['of'] | (() => this['of'])
  readonly output: ReadonlySignal<this['of']>
}

const createHost: CreateHost = () => {
  let start = () => () => {}
  const watch = whileWatched(() => start())
  return {
    cell: (value) => {
      let leave = () => {}
      const cell = signal(value, {
        watched: () => {
          leave = watch()
        },
        unwatched: () => leave(),
      })
      return [
        { value: cell },
        (next) => {
          cell.value = next
        },
      ]
    },
    connect: (read, open) => {
      if (isServer()) return
      const input = computed(read)
      start = () =>
        effect(() => {
          const { value } = input
          return untracked(() => open(value))
        })
    },
    batch,
  }
}

/**
 * Connects to a wire while at least one of the signals is watched, by an effect or a component: from the next microtask after
 * the first until after the last. Every message reaches `fold`. The signals change at most once per animation frame, and only
 * those whose field has changed. Without a page, as on a server that renders, it does not connect.
 *
 * @param source A wire, or a function that returns one. When a signal that the function reads changes, the wire that it
 *   returns then is another connection. With `null` or `undefined` the state is idle.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; `enabled` and
 *   `key`, which may be functions; `lingerMs`, `dehydrated`, `onMessage`, `onOpen`, `onError`, `onClose`.
 * @throws TypeError if an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { effect, signal } from '@preact/signals-core'
 * import { fromEventSource } from 'rxwire'
 * import { wireSignals } from 'rxwire/signals'
 *
 * const symbol = signal('ACME')
 * const price = wireSignals(() => fromEventSource(`/prices/${symbol.value}`, { decode: Number }))
 * const close = effect(() => console.info(price.data.value))
 * symbol.value = 'EMCA' // another connection
 * close()
 * ```
 */
export const wireSignals: OpenWire<SignalTypes> = /* @__PURE__ */ defineWire<SignalTypes>(createHost)

/**
 * Connects to Server-Sent Events while it is watched: see {@link wireSignals}. It reconnects after the last event id.
 *
 * @param url The URL of the stream, or a function that returns it. Another url is another connection. With `null` or
 *   `undefined` the state is idle. For a URL that is asked for before each attempt, use {@link wireSignals} with
 *   `fromEventSource`.
 * @param options Options of `fromEventSource` and of {@link wireSignals}. Results with the same `key` share a connection only
 *   if their urls are equal.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { eventSourceSignals } from 'rxwire/signals'
 *
 * export const ticks = eventSourceSignals('/ticks', { decode: json<{ price: number }>(), keep: 20 })
 * ```
 */
export const eventSourceSignals: OpenEventSource<SignalTypes> =
  /* @__PURE__ */ defineEventSource<SignalTypes>(createHost)

/**
 * Connects to a WebSocket while it is watched, in both directions: see {@link wireSignals}. While the connection is down,
 * `send` queues in a bounded outbox, whose counts are signals, too.
 *
 * @param url The URL of the server, or a function that returns it. Another url is another connection with an empty outbox.
 * @param options Options of `fromWebSocket` and of {@link wireSignals}; `outbox`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { webSocketSignals } from 'rxwire/signals'
 *
 * export const chat = webSocketSignals('/chat', {
 *   decode: json<{ said: string }>(),
 *   encode: json<{ say: string }>(),
 *   keep: 100,
 * })
 * ```
 */
export const webSocketSignals: OpenWebSocket<SignalTypes> = /* @__PURE__ */ defineWebSocket<SignalTypes>(createHost)

/**
 * Renders a response while it streams in. It connects on `start`, and aborts on `stop` and when its signals are not watched
 * any more.
 *
 * @param connect Returns the wire for the arguments of `start`, usually with `fromFetchStream`.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; `lingerMs`,
 *   `onMessage`, `onOpen`, `onError`, `onClose`.
 * @throws TypeError if an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { fromFetchStream, text } from 'rxwire'
 * import { fetchStreamSignals } from 'rxwire/signals'
 *
 * export const story = fetchStreamSignals(
 *   (about: string) => fromFetchStream('/story', { method: 'POST', json: { about }, decode: text() }),
 *   { initial: '', fold: (story, piece) => story + piece },
 * )
 * ```
 */
export const fetchStreamSignals: OpenFetchStream<SignalTypes> =
  /* @__PURE__ */ defineFetchStream<SignalTypes>(createHost)

/**
 * Uploads files, and resumes them after a lost connection, a pause or a page reload. Nothing is sent before `start`. Uploads run
 * while the signals are watched. For uploads that outlive that, pass a queue of `createUploadQueue` instead of the url.
 *
 * @param url The URL at which uploads are created, or a function that returns it for each request.
 * @param options Options of `createUploadQueue`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { tus } from 'rxwire'
 * import { uploadSignals } from 'rxwire/signals'
 *
 * export const files = uploadSignals('/files', { protocol: tus() })
 * ```
 */
export const uploadSignals: OpenUpload<SignalTypes> = /* @__PURE__ */ defineUpload<SignalTypes>(createHost)
