/**
 * Browser transports as one cold Observable of six lifecycle events.
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
export { fromPlain, type PlainCause, type PlainError, type PlainEvent, type PlainHeaders, toPlain } from './plain.ts'
export type { JsonCodec, SchemaLike } from './schema.ts'
export type { Attempt, AttemptContext, Connect } from './attempt.ts'
export { reconnecting } from './engine/reconnecting.ts'
export type { Fold, WireState } from './state.ts'
export type {
  AccumulateOptions,
  AllTypeArguments,
  FoldOptions,
  KeepOptions,
  LastOptions,
} from './accumulate.ts'
export type { DecodeRequired, MessageOf, NeedsDecode } from './message-type.ts'
export {
  type DehydratedWire,
  type ReconnectOptions,
  type WireStore,
  type WireStoreOptions,
  wireStore,
} from './store/wire-store.ts'
export type { WireSource } from './store/live-store.ts'
export type { WireCallbacks } from './store/wire-callbacks.ts'
export { createRun, type Run, type RunPoint } from './run/run.ts'
export { type RunStore, type RunStoreOptions, runStore } from './run/run-store.ts'
export type { RunStorage } from './run/saved-run.ts'
export { WireMemory } from './wire-memory.ts'
export { withMemory } from './operators/with-memory.ts'
export { type HintHandler, hint, setHintHandler } from './platform/hints.ts'
export type { FetchLike, Implementations, WebSocketLike, XhrConstructor } from './platform/globals.ts'
export type { KeyValueStorage } from './platform/storage.ts'
export { type Backoff, type DelayWindow, type ExponentialOptions, exponential } from './policy/backoff.ts'
export type { GoneOptions, ReconnectingOptions, ReconnectPolicy } from './policy/retry-policy.ts'
export type { RepeatOptions } from './policy/retry-policy.ts'
export { type AsyncIterableOptions, toAsyncIterable } from './operators/to-async-iterable.ts'
export { createOutbox } from './outbox/outbox.ts'
export type { Outbox, OutboxAttachment, OutboxLink } from './outbox/types.ts'
export type {
  FeedOptions,
  FeedSource,
  OutboxCounts,
  OutboxOptions,
  OverflowPolicy,
  SendOptions,
} from './outbox/options.ts'
export type { Encode, SocketFrame } from './socket-frame.ts'
export type { CloseCodes, CloseVerdict } from './policy/close-code.ts'
export type { EndOptions, MessageInfo } from './decoders/end-options.ts'
export type { BadMessagePolicy, Decode } from './decoders/decode-message.ts'
export type { Provider } from './provider.ts'
export type { BaseUrlOptions } from './http/base-url.ts'
export type { RequestOptions } from './http/request.ts'
export { bytes } from './decoders/text-and-bytes.ts'
export { json } from './decoders/json.ts'
export { type LinesOptions, lines } from './decoders/lines.ts'
export { type NdjsonOptions, ndjson } from './decoders/ndjson.ts'
export { type SseMessage, type SseOptions, sse } from './decoders/sse.ts'
export type {
  ByteStreamDecoder,
  RecordParser,
  OnRecord,
  ResponseHead,
  StreamControl,
  StreamDecoder,
  TextStreamDecoder,
} from './decoders/stream-decoder.ts'
export { text } from './decoders/text-and-bytes.ts'
export type { FetchBodies } from './http/read-body.ts'
export type { Query, QueryValue } from './http/request.ts'
export type { RequestWireOptions } from './http/request-wire.ts'
export type { FetchInit } from './http/fetch.ts'
export { type FetchOptions, fromFetch } from './transports/fetch.ts'
export { fromXhr, type XhrBodies, type XhrOptions } from './transports/xhr.ts'
export { fromLongPoll } from './transports/long-poll/from-long-poll.ts'
export type { CursorSource, CursorTarget, LongPollResponse } from './transports/long-poll/cursor.ts'
export type { LongPollOptions } from './transports/long-poll/options.ts'
export { fromPoll, type PollBodies, type PollOptions } from './transports/poll.ts'
export { cancelUpload, fromUpload } from './transports/upload/from-upload.ts'
export type { Uploaded } from './transports/upload/upload-attempt.ts'
export { type OffsetHeadersOptions, offsetHeaders } from './transports/upload/offset-headers.ts'
export type { UploadOptions } from './transports/upload/options.ts'
export type {
  SendUpload,
  UploadResponse,
  UploadPosition,
  UploadProtocol,
  UploadRequest,
} from './transports/upload/protocol.ts'
export { type TusOptions, tus, type UploadMetadata } from './transports/upload/tus.ts'
export { createUploadQueue, type UploadQueue, type UploadQueueOptions } from './upload-queue/upload-queue.ts'
export type { UploadItem, UploadStatus } from './upload-queue/queued-upload.ts'
export { byteRange } from './transports/fetch-stream/byte-range.ts'
export type { ResumePlan } from './transports/fetch-stream/continuation.ts'
export { fromFetchStream } from './transports/fetch-stream/from-fetch-stream.ts'
export type { FetchStreamOptions } from './transports/fetch-stream/options.ts'
export { type LogLinesOptions, type LogLinesPreset, logLines } from './transports/fetch-stream/log-lines.ts'
export { fromDurableStream } from './transports/durable-stream/from-durable-stream.ts'
export type { DurableStreamOptions } from './transports/durable-stream/options.ts'
export { fromEventSource } from './transports/event-source/from-event-source.ts'
export { type NativeEngineOptions, nativeEngine } from './transports/event-source/native-engine.ts'
export { type StreamEngine, type XhrEngineOptions, xhrEngine } from './http/stream-engine.ts'
export type {
  EventDecoders,
  EventMessage,
  EventSourceEngine,
  EventSourceOptions,
  NamedMessage,
} from './transports/event-source/options.ts'
export { fromWebSocket } from './transports/web-socket/from-web-socket.ts'
export { type HeartbeatOptions, pingPong } from './transports/web-socket/heartbeat.ts'
export type {
  SocketHeartbeat,
  WebSocketData,
  WebSocketDecode,
  WebSocketOptions,
  FirstFrames,
  SocketData,
  SocketDecoderRequired,
  FrameDecoder,
} from './transports/web-socket/options.ts'
export {
  type LogSocketOptions,
  type LogSocketPreset,
  logSocket,
} from './transports/web-socket/log-socket.ts'
export { fromJsonp } from './transports/jsonp/from-jsonp.ts'
export type { JsonpOptions } from './transports/jsonp/from-jsonp.ts'
export { fromImagePing, type ImagePingOptions } from './transports/image-ping.ts'
export type { ImageSize } from './platform/image.ts'
export { networkStatus } from './platform/page-lifecycle.ts'
export { type BeaconBody, type BeaconOptions, type BeaconReceipt, sendBeacon } from './transports/send-beacon.ts'
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
