/**
 * Primitives for Solid over wires: each field of the state is an accessor.
 *
 * @module rxwire/solid
 */

import {
  type CreateHost,
  defineEventSource,
  defineFetchStream,
  defineUpload,
  defineWebSocket,
  defineWire,
  type OpenEventSource,
  type OpenFetchStream,
  type OpenUpload,
  type OpenWebSocket,
  type OpenWire,
  type ReactiveTypes,
} from 'rxwire/reactive'
import { type Accessor, batch, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js'

/** The reactive types of Solid: arguments may be accessors, and results are. */
export interface SolidTypes extends ReactiveTypes {
  readonly input: this['of'] | Accessor<this['of']>
  readonly output: Accessor<this['of']>
}

const createHost: CreateHost = () => ({
  cell: (value) => {
    const [get, set] = createSignal(value)
    // A function as the argument of a setter would be called.
    return [{ value: get }, (next) => set(() => next)]
  },
  connect: (read, open) => {
    const input = createMemo(read)
    // Runs after the first render, and never on a server.
    createEffect(() => {
      const value = input()
      onCleanup(untrack(() => open(value)))
    })
  },
  batch,
})

/**
 * Connects to a wire. It connects after the first render, and closes when its owner is disposed. Every message reaches `fold`.
 * The accessors change at most once per animation frame, and only those whose field has changed. A server that renders does
 * not connect.
 *
 * @param source A wire, or an accessor of one. When a signal that the accessor reads changes, the wire that it returns then is
 *   another connection. With `null` or `undefined` the state is idle.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; `enabled` and
 *   `key`, which may be accessors; `lingerMs`, `dehydrated`, `onMessage`, `onOpen`, `onError`, `onClose`.
 * @throws TypeError if an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { fromEventSource } from 'rxwire'
 * import { createWire } from 'rxwire/solid'
 * import { createSignal } from 'solid-js'
 *
 * const [symbol, setSymbol] = createSignal('ACME')
 * export const price = createWire(() => fromEventSource(`/prices/${symbol()}`, { decode: Number }))
 * setSymbol('EMCA') // another connection
 * ```
 */
export const createWire: OpenWire<SolidTypes> = /* @__PURE__ */ defineWire<SolidTypes>(createHost)

/**
 * Connects to Server-Sent Events: see {@link createWire}. It reconnects after the last event id.
 *
 * @param url The URL of the stream, or an accessor of it. Another url is another connection. With `null` or `undefined` the
 *   state is idle. For a URL that is asked for before each attempt, use {@link createWire} with `fromEventSource`.
 * @param options Options of `fromEventSource` and of {@link createWire}. Components with the same `key` share a connection
 *   only if their urls are equal.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { createEventSource } from 'rxwire/solid'
 *
 * const createTicks = () => createEventSource('/ticks', { decode: json<{ price: number }>(), keep: 20 })
 * ```
 */
export const createEventSource: OpenEventSource<SolidTypes> = /* @__PURE__ */ defineEventSource<SolidTypes>(createHost)

/**
 * Connects to a WebSocket, in both directions: see {@link createWire}. While the connection is down, `send` queues in a
 * bounded outbox, whose counts are accessors, too.
 *
 * @param url The URL of the server, or an accessor of it. Another url is another connection with an empty outbox.
 * @param options Options of `fromWebSocket` and of {@link createWire}; `outbox`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { createWebSocket } from 'rxwire/solid'
 *
 * export function createChat() {
 *   const chat = createWebSocket('/chat', {
 *     decode: json<{ said: string }>(),
 *     encode: json<{ say: string }>(),
 *     keep: 100,
 *   })
 *   return { lines: chat.data, queued: chat.queued, say: (text: string) => chat.send({ say: text }) }
 * }
 * ```
 */
export const createWebSocket: OpenWebSocket<SolidTypes> = /* @__PURE__ */ defineWebSocket<SolidTypes>(createHost)

/**
 * Renders a response while it streams in. It connects on `start`, and aborts on `stop` and when its owner is disposed.
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
 * import { createFetchStream } from 'rxwire/solid'
 *
 * const createStory = () =>
 *   createFetchStream(
 *     (about: string) => fromFetchStream('/story', { method: 'POST', json: { about }, decode: text() }),
 *     { initial: '', fold: (story, piece) => story + piece },
 *   )
 * ```
 */
export const createFetchStream: OpenFetchStream<SolidTypes> = /* @__PURE__ */ defineFetchStream<SolidTypes>(createHost)

/**
 * Uploads files, and resumes them after a lost connection, a pause or a page reload. Nothing is sent before `start`. The
 * disposal of its owner pauses the running uploads. For uploads that outlive it, pass a queue of `createUploadQueue` instead
 * of the url.
 *
 * @param url The URL at which uploads are created, or an accessor of it. It is read for each request.
 * @param options Options of `createUploadQueue`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { tus } from 'rxwire'
 * import { createUpload } from 'rxwire/solid'
 *
 * const createFiles = () => createUpload('/files', { protocol: tus() })
 * ```
 */
export const createUpload: OpenUpload<SolidTypes> = /* @__PURE__ */ defineUpload<SolidTypes>(createHost)
