export { type UseEventSourceOptions, useEventSource } from './use-event-source.ts'
export { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'
