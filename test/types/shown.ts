/** A mistake, and a part of what the compiler says to it. */
interface Mistake {
  readonly code: string
  readonly says: string
}

const REMEDY = '"with fold, give initial, and write no type arguments or all of them"'
const EXCLUSIVE = '"keep and fold exclude each other, and messages that are not text need decode"'
const NEEDS_DECODE = "but required in type 'DecodeRequired<"

export const mistakes: readonly Mistake[] = [
  // A decoder was forgotten.
  { code: "fromEventSource<Tick>('/x')", says: 'Expected 2 arguments, but got 1' },
  { code: "fromEventSource<Tick>('/x', { events: ['tick'] })", says: NEEDS_DECODE },
  { code: "fromWebSocket<Tick>('/x')", says: 'Expected 2 arguments, but got 1' },
  { code: "fromWebSocket<Tick>('/x', {})", says: 'SocketDecoderRequired<Tick>' },
  { code: "fromFetchStream<Tick>('/x')", says: 'Expected 2 arguments, but got 1' },
  { code: 'sse<Tick>()', says: 'Expected 1 arguments, but got 0' },
  { code: "useEventSource<Tick>('/x')", says: 'Expected 2 arguments, but got 1' },
  { code: "useEventSource<Tick>('/x', {})", says: NEEDS_DECODE },
  { code: "useEventSource<Tick>('/x', { keep: 3 })", says: `'number' is not assignable to type '${EXCLUSIVE}'` },
  { code: "useWebSocket<Tick>('/x')", says: 'Expected 2 arguments, but got 1' },
  { code: "useWebSocket<Tick>('/x', { keep: 3 })", says: `'number' is not assignable to type '${EXCLUSIVE}'` },
  { code: "useWebSocket<Tick, Command>('/x', {})", says: 'SocketDecoderRequired<Tick>' },
  // Some type arguments next to fold.
  {
    code: "useWebSocket<Tick, Command>('/x', { decode: json<Tick>(), initial: 0, fold: (sum: number) => sum })",
    says: `'number' is not assignable to type '${REMEDY}'`,
  },
  {
    code: "useEventSource<Tick>('/x', { decode: json<Tick>(), initial: 0, fold: (sum: number) => sum })",
    says: `'number' is not assignable to type '${REMEDY}'`,
  },
  {
    code: 'useWire<Tick>(wire, { initial: 0, fold: (sum: number) => sum })',
    says: `'number' is not assignable to type '${REMEDY}'`,
  },
  {
    code: 'useVueWire<Tick>(() => wire, { initial: 0, fold: (sum: number) => sum })',
    says: `'number' is not assignable to type '${REMEDY}'`,
  },
  { code: "useVueEventSource<Tick>('/x', {})", says: NEEDS_DECODE },
  // Options that do not belong together.
  {
    code: 'wireStore(wire, { initial: 0, fold: (sum: number) => sum, keep: 3 })',
    says: `'number' is not assignable to type '${EXCLUSIVE}'`,
  },
  {
    code: "useEventSource('/x', { fold: (sum, text) => sum + text })",
    says: 'with fold, give initial',
  },
  {
    code: "useEventSource('/x', { decode: json<Tick>(), initial: [], fold: (all, tick) => [...all, tick] })",
    says: "'Tick' is not assignable to type 'never'",
  },
  { code: "fromEventSource('/x', { decode: json<Tick>(), retries: 3 })", says: "'retries' does not exist in type" },
  { code: "useEventSource('/x', { decode: json<Tick>(), retries: 3 })", says: "'retries' does not exist in type" },
  // Messages of another type.
  {
    code: "fromEventSource('/x', { decode: json<Tick>(), endsWhen: (alert: Alert) => alert.text === '' })",
    says: "'Alert'",
  },
  {
    code: "useWebSocket('/x', { encode: json<Command>() }).send({ say: 'it' })",
    says: "'say' does not exist in type 'Command'",
  },
  {
    code: "fromEventSource('/x', { events: { tick: json<Tick>() }, endsWhen: ({ name }) => name === 'alert' })",
    says: 'types \'"tick"\' and \'"alert"\' have no overlap',
  },
]

/** An expression, and the type that an editor shows for it. */
export const hovers: readonly { readonly code: string; readonly shows: string }[] = [
  { code: "fromEventSource('/x')", shows: 'Wire<string>' },
  { code: "fromEventSource('/x', { decode: json<Tick>() })", shows: 'Wire<Tick>' },
  { code: "fromWebSocket('/x', { decode: json<Tick>(), idOf: ({ price }) => String(price) })", shows: 'Wire<Tick>' },
  { code: "fromPoll('/x', { responseType: 'text' })", shows: 'Wire<string>' },
  { code: "useEventSource('/x', { decode: json<Tick>() })", shows: 'WireResult<Tick | undefined>' },
  { code: "useEventSource('/x', { decode: json<Tick>(), keep: 3 })", shows: 'WireResult<Tick[]>' },
  {
    code: "useEventSource('/x', { decode: json<Tick>(), initial: 0, fold: (sum, { price }) => sum + price })",
    shows: 'WireResult<number>',
  },
  {
    code: "useWebSocket('/x', { decode: json<Tick>(), encode: json<Command>(), keep: 3 })",
    shows: 'WebSocketResult<Tick[], Command>',
  },
  { code: "usePoll('/x', { decode: json<Tick>() })", shows: 'WireResult<Tick | undefined>' },
  { code: "useFetch('/x', { decode: json<Tick>() })", shows: 'FetchResult<Tick>' },
  {
    code: "useJsonp('/x', { decode: json<Tick>(), select: (tick) => tick?.price })",
    shows: 'WireResult<number | undefined>',
  },
  {
    code: "fromEventSource('/x', { events: { tick: json<Tick>(), alert: json<Alert>() } })",
    shows: 'Wire<NamedMessage<{ tick: Tick; alert: Alert; }>>',
  },
  { code: 'wireStore(wire, { keep: 3 })', shows: 'WireStore<Tick[]>' },
]
