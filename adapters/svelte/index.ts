/**
 * Wires for Svelte 5: each field of the state is a reactive property.
 *
 * @module rxwire/svelte
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
  whileWatched,
} from 'rxwire/reactive'
import { untrack } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { toStore } from 'svelte/store'

/** The reactive types of Svelte: arguments may be functions that read runes, results are reactive properties. */
export interface SvelteTypes extends ReactiveTypes {
  readonly input: this['of'] | (() => this['of'])
  readonly output: this['of']
}

const UNREAD = {}

const createHost: CreateHost = () => {
  let start = () => () => {}
  const watch = whileWatched(() => start())
  return {
    cell: (value) => {
      let current = value
      let changed = () => {}
      // On a server it does nothing, so nothing is watched there.
      const track = createSubscriber((update) => {
        changed = update
        return watch()
      })
      const get = () => {
        track()
        return current
      }
      return [
        { get },
        (next) => {
          if (Object.is(next, current)) return
          current = next
          changed()
        },
      ]
    },
    connect: (read, open) => {
      start = () => {
        let last: ReturnType<typeof read> | typeof UNREAD = UNREAD
        let leave = () => {}
        const unsubscribe = toStore(read).subscribe((input) => {
          if (input === last) return
          last = input
          leave()
          leave = untrack(() => open(input))
        })
        return () => {
          unsubscribe()
          leave()
        }
      }
    },
  }
}

/**
 * Connects to a wire while an effect or the markup of a component reads one of the properties. Every message reaches `fold`.
 * The properties change at most once per animation frame, and only those whose field has changed. A server that renders does
 * not connect. The result must not be destructured: its properties are getters.
 *
 * @param source A wire, or a function that returns one. When a rune that the function reads changes, the wire that it returns
 *   then is another connection. With `null` or `undefined` the state is idle.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; `enabled` and
 *   `key`, which may be functions; `lingerMs`, `dehydrated`, `onMessage`, `onOpen`, `onError`, `onClose`.
 * @throws TypeError if an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { fromEventSource } from 'rxwire'
 * import { liveWire } from 'rxwire/svelte'
 *
 * // In a component: ticks.data and ticks.connection
 * export const ticks = liveWire(fromEventSource('/ticks', { decode: Number }), { keep: 20 })
 * ```
 */
export const liveWire: OpenWire<SvelteTypes> = /* @__PURE__ */ defineWire<SvelteTypes>(createHost)

/**
 * Connects to Server-Sent Events while it is read: see {@link liveWire}. It reconnects after the last event id.
 *
 * @param url The URL of the stream, or a function that returns it. Another url is another connection. With `null` or
 *   `undefined` the state is idle. For a URL that is asked for before each attempt, use {@link liveWire} with
 *   `fromEventSource`.
 * @param options Options of `fromEventSource` and of {@link liveWire}. Results with the same `key` share a connection only if
 *   their urls are equal.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { liveEventSource } from 'rxwire/svelte'
 *
 * export const ticks = liveEventSource('/ticks', { decode: json<{ price: number }>(), keep: 20 })
 * ```
 */
export const liveEventSource: OpenEventSource<SvelteTypes> = /* @__PURE__ */ defineEventSource<SvelteTypes>(createHost)

/**
 * Connects to a WebSocket while it is read, in both directions: see {@link liveWire}. While the connection is down, `send`
 * queues in a bounded outbox, whose counts are reactive properties, too.
 *
 * @param url The URL of the server, or a function that returns it. Another url is another connection with an empty outbox.
 * @param options Options of `fromWebSocket` and of {@link liveWire}; `outbox`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { liveWebSocket } from 'rxwire/svelte'
 *
 * export const chat = liveWebSocket('/chat', {
 *   decode: json<{ said: string }>(),
 *   encode: json<{ say: string }>(),
 *   keep: 100,
 * })
 * ```
 */
export const liveWebSocket: OpenWebSocket<SvelteTypes> = /* @__PURE__ */ defineWebSocket<SvelteTypes>(createHost)

/**
 * Renders a response while it streams in. It connects on `start`, and aborts on `stop` and when its properties are not read
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
 * import { liveFetchStream } from 'rxwire/svelte'
 *
 * export const story = liveFetchStream(
 *   (about: string) => fromFetchStream('/story', { method: 'POST', json: { about }, decode: text() }),
 *   { initial: '', fold: (story, piece) => story + piece },
 * )
 * ```
 */
export const liveFetchStream: OpenFetchStream<SvelteTypes> = /* @__PURE__ */ defineFetchStream<SvelteTypes>(createHost)

/**
 * Uploads files, and resumes them after a lost connection, a pause or a page reload. Nothing is sent before `start`. Uploads run
 * while the properties are read. For uploads that outlive that, pass a queue of `createUploadQueue` instead of the url.
 *
 * @param url The URL at which uploads are created, or a function that returns it for each request.
 * @param options Options of `createUploadQueue`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { tus } from 'rxwire'
 * import { liveUpload } from 'rxwire/svelte'
 *
 * export const files = liveUpload('/files', { protocol: tus() })
 * ```
 */
export const liveUpload: OpenUpload<SvelteTypes> = /* @__PURE__ */ defineUpload<SvelteTypes>(createHost)
