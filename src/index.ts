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
export { type AttemptContext, type AttemptSink, fromAttempt } from './attempt.ts'
export { type AttemptSession, reconnecting } from './reconnecting.ts'
export type { Fold, WireState } from './state.ts'
export type { FoldOptions, KeepOptions } from './folding.ts'
export { type WireSource, type WireStore, type WireStoreOptions, wireStore } from './store.ts'
export { type HintHandler, setHintHandler } from './platform/hints.ts'
export type { FetchLike, Implementations } from './platform/implementations.ts'
export { type Backoff, type DelayWindow, type ExponentialOptions, exponential } from './policy/backoff.ts'
export type { ReconnectingOptions, ReconnectPolicy } from './policy/reconnect-policy.ts'
export type { RepeatOptions } from './policy/repeatable.ts'
export type { BadMessagePolicy, Decode, SchemaLike } from './decoders/decode-message.ts'
export type { Provider } from './http/provider.ts'
export type { RequestOptions } from './http/request.ts'
export { fromEventSource } from './transports/event-source.ts'
export type { EventSourceOptions } from './transports/event-source/options.ts'
export { type BatchOptions, batch } from './operators/batch.ts'
export { type ConnectionState, connection } from './operators/connection.ts'
export { type DecodeOptions, decode } from './operators/decode.ts'
export { foldWire } from './operators/fold-wire.ts'
export { messages } from './operators/messages.ts'
export { type Progress, progress } from './operators/progress.ts'
export { reconnect } from './operators/reconnect.ts'
export { retryRequest } from './operators/retry-request.ts'
export { type ShareWireOptions, shareWire } from './operators/share-wire.ts'
export { stallTimeout } from './operators/stall-timeout.ts'
