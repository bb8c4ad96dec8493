/**
 * Composables for Vue over wires: each field of the state is a shallow ref.
 *
 * @module rxwire/vue
 */

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
} from 'rxwire/reactive'
import { type MaybeRefOrGetter, type ShallowRef, shallowRef, toValue, watch, watchPostEffect } from 'vue'

/** The reactive types of Vue: arguments may be refs or getters, results are shallow refs. */
export interface VueTypes extends ReactiveTypes {
  readonly input: MaybeRefOrGetter<this['of']>
  readonly output: Readonly<ShallowRef<this['of']>>
}

const UNREAD = {}

const createHost: CreateHost = Object.assign(
  (): ReturnType<CreateHost> => ({
    cell: (value) => {
      const ref = shallowRef(value)
      return [
        { value: ref },
        (next) => {
          ref.value = next
        },
      ]
    },
    connect: (read, open) => {
      // A component does not run these watchers while a server renders it. Outside a component, Vue cannot tell.
      if (isServer()) return
      const input = shallowRef<ReturnType<typeof read> | typeof UNREAD>(UNREAD)
      // After the mount, so that hydration finds what the server has rendered.
      watchPostEffect(() => {
        input.value = read()
      })
      // The callback tracks nothing: a function such as `headers` may read a ref, and does not reconnect when it changes.
      watch(input, (value, _, onCleanup) => onCleanup(open(value as ReturnType<typeof read>)), { flush: 'sync' })
    },
  }),
  { read: toValue },
)

/**
 * Connects to a wire. It connects after the component is mounted, and closes when its scope ends. Every message reaches
 * `fold`. The refs change at most once per animation frame, and only those whose field has changed.
 *
 * A server that renders does not connect. Outside a component, for example in a store, it needs an active effect scope.
 *
 * @param source A wire, a ref of one, or a getter. When a ref that the getter reads changes, the wire that it returns then
 *   is another connection. With `null` or `undefined` the state is idle.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; `enabled` and
 *   `key`, which may be reactive; `lingerMs`, `dehydrated`, `onMessage`, `onOpen`, `onError`, `onClose`.
 * @throws TypeError if an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { fromEventSource } from 'rxwire'
 * import { useWire } from 'rxwire/vue'
 * import { defineComponent, h } from 'vue'
 *
 * export const Price = defineComponent({
 *   props: { symbol: { type: String, required: true } },
 *   setup: (props) => {
 *     const { data, connection } = useWire(() => fromEventSource(`/prices/${props.symbol}`, { decode: Number }))
 *     return () => h('output', { 'aria-busy': connection.value !== 'open' }, data.value)
 *   },
 * })
 * ```
 */
export const useWire: OpenWire<VueTypes> = /* @__PURE__ */ defineWire<VueTypes>(createHost)

/**
 * Connects to Server-Sent Events: see {@link useWire}. It reconnects after the last event id.
 *
 * @param url The URL of the stream, a ref of it, or a getter. Another url is another connection. With `null` or `undefined`
 *   the state is idle. For a URL that is asked for before each attempt, use {@link useWire} with `fromEventSource`.
 * @param options Options of `fromEventSource` and of {@link useWire}. Components with the same `key` share a connection only
 *   if their urls are equal.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { useEventSource } from 'rxwire/vue'
 *
 * const useTicks = () => useEventSource('/ticks', { decode: json<{ price: number }>(), keep: 20 })
 * ```
 */
export const useEventSource: OpenEventSource<VueTypes> = /* @__PURE__ */ defineEventSource<VueTypes>(createHost)

/**
 * Connects to a WebSocket, in both directions: see {@link useWire}. While the connection is down, `send` queues in a bounded
 * outbox, whose counts are refs, too.
 *
 * @param url The URL of the server, a ref of it, or a getter. Another url is another connection with an empty outbox.
 * @param options Options of `fromWebSocket` and of {@link useWire}; `outbox`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { useWebSocket } from 'rxwire/vue'
 *
 * export function useChat() {
 *   const { data, send, queued } = useWebSocket('/chat', {
 *     decode: json<{ said: string }>(),
 *     encode: json<{ say: string }>(),
 *     keep: 100,
 *   })
 *   return { lines: data, queued, say: (text: string) => send({ say: text }) }
 * }
 * ```
 */
export const useWebSocket: OpenWebSocket<VueTypes> = /* @__PURE__ */ defineWebSocket<VueTypes>(createHost)

/**
 * Renders a response while it streams in. It connects on `start`, and aborts on `stop` and when its scope ends.
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
 * import { useFetchStream } from 'rxwire/vue'
 *
 * const useStory = () =>
 *   useFetchStream(
 *     (about: string) => fromFetchStream('/story', { method: 'POST', json: { about }, decode: text() }),
 *     { initial: '', fold: (story, piece) => story + piece },
 *   )
 * ```
 */
export const useFetchStream: OpenFetchStream<VueTypes> = /* @__PURE__ */ defineFetchStream<VueTypes>(createHost)

/**
 * Uploads files, and resumes them after a lost connection, a pause or a page reload. Nothing is sent before `start`. The end of
 * its scope pauses the running uploads. For uploads that outlive it, pass a queue of `createUploadQueue` instead of the url.
 *
 * @param url The URL at which uploads are created, a ref of it, or a getter. It is read for each request.
 * @param options Options of `createUploadQueue`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { tus } from 'rxwire'
 * import { useUpload } from 'rxwire/vue'
 *
 * const useFiles = () => useUpload('/files', { protocol: tus() })
 * ```
 */
export const useUpload: OpenUpload<VueTypes> = /* @__PURE__ */ defineUpload<VueTypes>(createHost)
