/**
 * React hooks over wires. They fold every message and render at most once per animation frame.
 *
 * @module rxwire/react
 */

export { type UseDurableStreamOptions, useDurableStream } from './use-durable-stream.ts'
export { type UseEventSourceOptions, useEventSource } from './use-event-source.ts'
export { type FetchStreamResult, useFetchStream } from './use-fetch-stream.ts'
export { type UseJsonpOptions, useJsonp } from './use-jsonp.ts'
export { type UseLongPollOptions, useLongPoll } from './use-long-poll.ts'
export { useNetworkStatus } from './use-network-status.ts'
export { type UsePollOptions, usePoll } from './use-poll.ts'
export { type RunResult, type UseRunOptions, useRun } from './use-run.ts'
export type { StartedHookOptions, StartedResult } from './use-started-wire.ts'
export type { TabSharing } from './use-store.ts'
export { type UseSuspenseWireOptions, useSuspenseWire } from './use-suspense-wire.ts'
export { type UploadResult, useUpload } from './use-upload.ts'
export type { HookUrl, UrlHookOptions } from './use-url-wire.ts'
export { type UseWebSocketOptions, useWebSocket, type WebSocketResult } from './use-web-socket.ts'
export { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'
export { type UseXhrOptions, useXhr, type XhrResult } from './use-xhr.ts'
export type { FoldedView, KeptView, LastView, SelectOptions, ViewOptions } from './view-options.ts'
