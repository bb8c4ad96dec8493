export { type UseEventSourceOptions, useEventSource } from './use-event-source.ts'
export { type FetchStreamResult, useFetchStream } from './use-fetch-stream.ts'
export { type UseWebSocketOptions, useWebSocket, type WebSocketResult } from './use-web-socket.ts'
export { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'
