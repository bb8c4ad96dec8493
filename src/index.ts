/**
 * Every way a browser talks to a server, as one cold Observable of six events.
 *
 * @module rxwire
 */

export type {
  ParkReason,
  Wire,
  WireClose,
  WireConnecting,
  WireEvent,
  WireMessage,
  WireOpen,
  WireProgress,
  WireWaiting,
} from './wire.ts'
export {
  CloseError,
  type CloseErrorOptions,
  HttpError,
  type HttpErrorOptions,
  isWireError,
  WireError,
  type WireErrorKind,
  type WireErrorOptions,
} from './errors.ts'
export type { SchemaLike } from './schema.ts'
export { type AttemptContext, type AttemptSink, fromAttempt } from './attempt.ts'
export { type AttemptSession, reconnecting } from './reconnecting.ts'
export type { Fold, WireState } from './state.ts'
export type { FoldOptions, KeepOptions } from './folding.ts'
export { type DehydratedWire, type WireStore, type WireStoreOptions, wireStore } from './store.ts'
export type { WireSource } from './store/live-store.ts'
export { type HintHandler, setHintHandler } from './platform/hints.ts'
export type { FetchLike, Implementations, WebSocketLike, XhrConstructor } from './platform/implementations.ts'
export type { KeyValueStorage } from './platform/storage.ts'
export { type Backoff, type DelayWindow, type ExponentialOptions, exponential } from './policy/backoff.ts'
export type { ReconnectingOptions, ReconnectPolicy } from './policy/reconnect-policy.ts'
export type { RepeatOptions } from './policy/repeatable.ts'
export { type AsyncIterableOptions, toAsyncIterable } from './to-async-iterable.ts'
export { type Outbox, type OutboxAttachment, type OutboxLink, createOutbox } from './outbox.ts'
export type {
  FeedOptions,
  FeedSource,
  OutboxCounts,
  OutboxOptions,
  OverflowPolicy,
  SendOptions,
} from './outbox/options.ts'
export type { Encode, Frame } from './frame.ts'
export type { CloseCodes, CloseVerdict } from './policy/close-code.ts'
export type { BadMessagePolicy, Decode } from './decoders/decode-message.ts'
export type { Provider } from './http/provider.ts'
export type { RequestOptions } from './http/request.ts'
export { bytes } from './decoders/bytes.ts'
export { type LinesOptions, lines } from './decoders/lines.ts'
export { type NdjsonOptions, ndjson } from './decoders/ndjson.ts'
export { type SseMessage, type SseOptions, sse } from './decoders/sse-stream.ts'
export type { ByteStreamDecoder, Framer, OnFrame, StreamDecoder, TextStreamDecoder } from './decoders/stream-decoder.ts'
export { text } from './decoders/text.ts'
export type { FetchBodies } from './http/read-body.ts'
export type { Query, QueryValue } from './http/query.ts'
export type { RequestingOptions } from './http/requesting.ts'
export type { FetchInit } from './http/send-by-fetch.ts'
export { type FetchOptions, fromFetch } from './transports/fetch.ts'
export { fromXhr, type XhrBodies, type XhrOptions } from './transports/xhr.ts'
export { fromLongPoll } from './transports/long-poll.ts'
export type { CursorSource, CursorTarget, LongPollResponse } from './transports/long-poll/cursor.ts'
export type { LongPollOptions } from './transports/long-poll/options.ts'
export { fromPoll, type PollBodies, type PollOptions } from './transports/poll.ts'
export { cancelUpload, fromUpload } from './transports/upload.ts'
export type { Uploaded } from './transports/upload/attempt.ts'
export { type OffsetHeadersOptions, offsetHeaders } from './transports/upload/offset-headers.ts'
export type { UploadOptions } from './transports/upload/options.ts'
export type {
  SendUpload,
  UploadAnswer,
  UploadPosition,
  UploadProtocol,
  UploadRequest,
} from './transports/upload/protocol.ts'
export { type TusOptions, tus, type UploadMetadata } from './transports/upload/tus.ts'
export { createUploadQueue, type UploadQueue, type UploadQueueOptions } from './upload-queue.ts'
export type { UploadItem, UploadStatus } from './upload-queue/queued-upload.ts'
export { fromFetchStream } from './transports/fetch-stream.ts'
export type { FetchStreamOptions } from './transports/fetch-stream/options.ts'
export { fromEventSource } from './transports/event-source.ts'
export type { EventSourceOptions } from './transports/event-source/options.ts'
export { fromWebSocket } from './transports/web-socket.ts'
export type {
  HeartbeatOptions,
  WebSocketData,
  WebSocketDecode,
  WebSocketOptions,
} from './transports/web-socket/options.ts'
export { fromJsonp } from './transports/jsonp.ts'
export type { JsonpOptions } from './transports/jsonp/options.ts'
export { fromImagePing, type ImagePingOptions } from './transports/image-ping.ts'
export type { ImageSize } from './platform/image.ts'
export { networkStatus } from './network-status.ts'
export { type BeaconBody, type BeaconOptions, type BeaconReceipt, sendBeacon } from './send-beacon.ts'
export { type BatchOptions, batch } from './operators/batch.ts'
export { type ConnectionState, connection } from './operators/connection.ts'
export { type DecodeOptions, decode } from './operators/decode.ts'
export { foldWire } from './operators/fold-wire.ts'
export { type LimitBurstOptions, limitBurst } from './operators/limit-burst.ts'
export { messages } from './operators/messages.ts'
export { type Progress, progress } from './operators/progress.ts'
export { reconnect } from './operators/reconnect.ts'
export { retryRequest } from './operators/retry-request.ts'
export { type ShareWireOptions, shareWire } from './operators/share-wire.ts'
export { stallTimeout } from './operators/stall-timeout.ts'
export { tapProgress } from './operators/tap-progress.ts'
