/**
 * Wires for Angular: each field of the state is a signal. Needs no decorators and no compiler.
 *
 * @module rxwire/angular
 */

import {
  afterNextRender,
  computed,
  effect,
  Injector,
  inject,
  NgZone,
  type Signal,
  signal,
  untracked,
} from '@angular/core'
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

/** The reactive types of Angular: arguments may be signals or functions that read them, results are signals. */
export interface AngularTypes extends ReactiveTypes {
  readonly input: this['of'] | (() => this['of'])
  readonly output: Signal<this['of']>
}

const createHost: CreateHost = () => ({
  cell: (value) => {
    const cell = signal(value)
    return [{ value: cell.asReadonly() }, (next) => cell.set(next)]
  },
  connect: (read, open) => {
    const injector = inject(Injector)
    const zone = inject(NgZone)
    const input = computed(read)
    // A server renders, and does not call it. The effect ends with the DestroyRef of the injector.
    afterNextRender(() =>
      effect(
        (onCleanup) => {
          const value = input()
          // Outside the zone, so that a message which changes no signal causes no change detection.
          onCleanup(untracked(() => zone.runOutsideAngular(() => open(value))))
        },
        { injector },
      ),
    )
  },
})

/**
 * Connects to a wire, in an injection context: a field of a component, a directive or a service. It connects after the next
 * render, and closes when the `DestroyRef` of the context is destroyed. Every message reaches `fold`. The signals change at
 * most once per animation frame, and only those whose field has changed. A server that renders does not connect.
 *
 * @param source A wire, or a function that returns one. When a signal that the function reads changes, the wire that it
 *   returns then is another connection. With `null` or `undefined` the state is idle.
 * @param options How messages become data: `initial` and `fold`, or `keep`, or neither for the last message; `enabled` and
 *   `key`, which may be functions; `lingerMs`, `dehydrated`, `onMessage`, `onOpen`, `onError`, `onClose`. The callbacks run
 *   outside the zone.
 * @throws TypeError if an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { signal } from '@angular/core'
 * import { fromEventSource } from 'rxwire'
 * import { injectWire } from 'rxwire/angular'
 *
 * // In the template: price.data() and price.connection()
 * export class Prices {
 *   readonly symbol = signal('ACME')
 *   readonly price = injectWire(() => fromEventSource(`/prices/${this.symbol()}`, { decode: Number }))
 * }
 * ```
 */
export const injectWire: OpenWire<AngularTypes> = /* @__PURE__ */ defineWire<AngularTypes>(createHost)

/**
 * Connects to Server-Sent Events, in an injection context: see {@link injectWire}. It reconnects after the last event id.
 *
 * @param url The URL of the stream, or a function that returns it, such as a signal. Another url is another connection. With
 *   `null` or `undefined` the state is idle. For a URL that is asked for before each attempt, use {@link injectWire} with
 *   `fromEventSource`.
 * @param options Options of `fromEventSource` and of {@link injectWire}. Contexts with the same `key` share a connection only
 *   if their urls are equal.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { injectEventSource } from 'rxwire/angular'
 *
 * export class Ticks {
 *   readonly ticks = injectEventSource('/ticks', { decode: json<{ price: number }>(), keep: 20 })
 * }
 * ```
 */
export const injectEventSource: OpenEventSource<AngularTypes> =
  /* @__PURE__ */ defineEventSource<AngularTypes>(createHost)

/**
 * Connects to a WebSocket in both directions, in an injection context: see {@link injectWire}. While the connection is down,
 * `send` queues in a bounded outbox, whose counts are signals, too.
 *
 * @param url The URL of the server, or a function that returns it, such as a signal. Another url is another connection with an
 *   empty outbox.
 * @param options Options of `fromWebSocket` and of {@link injectWire}; `outbox`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { json } from 'rxwire'
 * import { injectWebSocket } from 'rxwire/angular'
 *
 * export class Chat {
 *   readonly chat = injectWebSocket('/chat', {
 *     decode: json<{ said: string }>(),
 *     encode: json<{ say: string }>(),
 *     keep: 100,
 *   })
 * }
 * ```
 */
export const injectWebSocket: OpenWebSocket<AngularTypes> = /* @__PURE__ */ defineWebSocket<AngularTypes>(createHost)

/**
 * Renders a response while it streams in. It connects on `start`, and aborts on `stop` and when the `DestroyRef` of its
 * context is destroyed.
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
 * import { injectFetchStream } from 'rxwire/angular'
 *
 * export class Story {
 *   readonly story = injectFetchStream(
 *     (about: string) => fromFetchStream('/story', { method: 'POST', json: { about }, decode: text() }),
 *     { initial: '', fold: (story, piece) => story + piece },
 *   )
 * }
 * ```
 */
export const injectFetchStream: OpenFetchStream<AngularTypes> =
  /* @__PURE__ */ defineFetchStream<AngularTypes>(createHost)

/**
 * Uploads files, and resumes them after a lost connection, a pause or a page reload. Nothing is sent before `start`. The end of
 * its context pauses the running uploads. For uploads that outlive it, pass a queue of `createUploadQueue` instead of the url.
 *
 * @param url The URL at which uploads are created, or a function that returns it for each request.
 * @param options Options of `createUploadQueue`.
 * @throws TypeError if the url or an option is invalid.
 * @function
 *
 * @example
 * ```ts
 * import { tus } from 'rxwire'
 * import { injectUpload } from 'rxwire/angular'
 *
 * export class Files {
 *   readonly files = injectUpload('/files', { protocol: tus() })
 * }
 * ```
 */
export const injectUpload: OpenUpload<AngularTypes> = /* @__PURE__ */ defineUpload<AngularTypes>(createHost)
