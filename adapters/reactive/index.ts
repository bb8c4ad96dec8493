/**
 * The base of the adapters for frameworks with reactive values. An adapter for another framework is a {@link CreateHost}
 * and a {@link ReactiveTypes}.
 *
 * @module rxwire/reactive
 */

export { addressOf, keyAt, requestPart, toKeyPart } from './connection-key.ts'
export { defineEventSource, type OpenEventSource } from './event-source.ts'
export { defineFetchStream, type OpenFetchStream, type ReactiveStream, type StreamOptions } from './fetch-stream.ts'
export type { Cell, CreateHost, ReactiveHost } from './host.ts'
export { isServer } from './is-server.ts'
export { type MountAwareUploads, pauseWhileUnmounted } from './mount-aware-uploads.ts'
export { countsOf, NO_COUNTS, type SharedOutbox, sharedOutbox } from './shared-outbox.ts'
export type {
  FoldedWire,
  InputOf,
  KeptWire,
  LastWire,
  OutputOf,
  ReactiveFields,
  ReactiveOptions,
  ReactiveTypes,
  ReactiveWire,
  UrlInput,
  WireInput,
} from './types.ts'
export { defineUpload, type OpenUpload, type ReactiveUploads } from './upload.ts'
export { defineWebSocket, type OpenWebSocket, type ReactiveWebSocket, type SocketOptions } from './web-socket.ts'
export { whileWatched } from './while-watched.ts'
export { defineWire, type OpenWire } from './wire.ts'
