'use client'

// The entry under the condition `react-server`. Its mark makes the hooks client references in React Server Components.
// Only this module is marked: Rollup warns about each mark that it drops. A client module must name its exports.
export {
  useDurableStream,
  useEventSource,
  useFetchStream,
  useJsonp,
  useLongPoll,
  useNetworkStatus,
  usePoll,
  useRun,
  useSuspenseWire,
  useUpload,
  useWebSocket,
  useWire,
  useXhr,
} from './index.ts'
