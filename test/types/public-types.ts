import { type Observable, of } from 'rxjs'
import {
  batch,
  createOutbox,
  createRun,
  type DehydratedWire,
  decode,
  foldWire,
  fromDurableStream,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromImagePing,
  fromJsonp,
  fromLongPoll,
  fromPoll,
  fromWebSocket,
  fromXhr,
  json,
  messages,
  ndjson,
  type Run,
  type RunStore,
  runStore,
  type SseMessage,
  sendBeacon,
  sse,
  text,
  type Wire,
  type WireEvent,
  type WireStore,
  wireStore,
} from 'rxwire'
import { type AiSdkChunk, anthropic, type ModelPreset, type OpenaiChatChunk, openaiChat } from 'rxwire/models'
import { type FetchResult, useFetch } from 'rxwire/query/react'
import {
  useDurableStream,
  useEventSource,
  useFetchStream,
  useJsonp,
  useLongPoll,
  usePoll,
  useRun,
  useSuspenseWire,
  useWebSocket,
  useWire,
  useXhr,
  type WireResult,
  type XhrResult,
} from 'rxwire/react'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'

// Checked by the compiler with `npm run typecheck`. This code never runs.
declare const wire: Wire<number>
declare const schema: z.ZodType<Date>

export function infersTheMessageFromDecode() {
  expectTypeOf(fromEventSource('/x')).toEqualTypeOf<Wire<string>>()
  expectTypeOf(fromEventSource('/x', { decode: Number })).toEqualTypeOf<Wire<number>>()
  expectTypeOf(fromEventSource('/x', { decode: z.object({ a: z.string() }) })).toEqualTypeOf<Wire<{ a: string }>>()
  expectTypeOf(fromEventSource<{ a: 1 }>('/x', { decode: JSON.parse })).toEqualTypeOf<Wire<{ a: 1 }>>()
  // @ts-expect-error decode takes a string
  fromEventSource('/x', { decode: (input: number) => input })
  // @ts-expect-error there is no such engine
  fromEventSource('/x', { engine: 'telepathy' })
  // @ts-expect-error a type other than string needs decode
  fromEventSource<{ a: 1 }>('/x')
  // @ts-expect-error there is no such option
  fromEventSource('/x', { retries: 3 })
}

export function infersTheMessageFromJson() {
  expectTypeOf(fromEventSource('/x', { decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromEventSource('/x', { decode: json(tick) })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromEventSource('/x', { decode: json() })).toEqualTypeOf<Wire<unknown>>()
  expectTypeOf(fromWebSocket('/x', { decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromFetchStream('/x', { decode: sse({ decode: json<Tick>() }) })).toEqualTypeOf<Wire<SseMessage<Tick>>>()
  expectTypeOf(fromFetchStream('/x', { decode: ndjson({ decode: json<Tick>() }) })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromFetch('/x', { decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromFetch('/x', { decode: json<Tick>(), responseType: 'text' })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromXhr('/x', { decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromLongPoll('/x', { decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromDurableStream('/x', { decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromJsonp('/x', { decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromEventSource('/x').pipe(decode(json<Tick>()))).toEqualTypeOf<Observable<WireEvent<Tick>>>()
  expectTypeOf(useFetch('/x', { decode: json<Tick>() })).toEqualTypeOf<FetchResult<Tick>>()
  expectTypeOf(useXhr('/x', { decode: json<Tick>() })).toEqualTypeOf<XhrResult<Tick>>()
  fromPoll('/x', { decode: json<Tick>(), endsWhen: ({ price }) => price > 3 })
  // @ts-expect-error endsWhen takes the messages
  fromPoll('/x', { decode: json<Tick>(), endsWhen: (price: number) => price > 3 })
}

export function infersTheCommandsFromEncode() {
  const { data, send } = useWebSocket('/x', { decode: json<Tick>(), encode: json<Command>(), keep: 3 })
  expectTypeOf(data).toEqualTypeOf<Tick[]>()
  send({ do: 'it' })
  // @ts-expect-error not a command
  send('it')
  const dates = useWebSocket('/x', { encode: z.date().transform(String) })
  dates.send(new Date())
  // @ts-expect-error the schema takes a date
  dates.send('today')
  const lines = useWebSocket('/x', { encode: (line: string) => line, decode: json<Tick>() })
  expectTypeOf(lines.send).parameter(0).toEqualTypeOf<string>()
}

export function infersFromAnUnannotatedDecoder() {
  fromWebSocket('/x', {
    decode: (data) => ({ id: String(data) }),
    idOf: ({ id }) => id,
    isReady: ({ id }) => id === '',
  })
  fromPoll('/x', { responseType: 'text', decode: (text) => text.length, endsWhen: (length) => length > 3 })
  const { data } = useEventSource('/x', { decode: (text) => text.length, select: (length) => length?.toFixed() })
  expectTypeOf(data).toEqualTypeOf<string | undefined>()
}

export function tellsEventsApartByName() {
  const events = { tick: json<Tick>(), done: (text: string) => text.length, at: schema }
  type Message =
    | { readonly name: 'tick'; readonly data: Tick }
    | { readonly name: 'done'; readonly data: number }
    | { readonly name: 'at'; readonly data: Date }
  expectTypeOf(fromEventSource('/x', { events })).branded.toEqualTypeOf<Wire<Message>>()
  expectTypeOf(useEventSource('/x', { events }).data).branded.toEqualTypeOf<Message | undefined>()
  expectTypeOf(useEventSource('/x', { events, keep: 3 }).data).branded.toEqualTypeOf<Message[]>()
  const { data } = useEventSource('/x', {
    events,
    initial: 0,
    fold: (sum, message) => (message.name === 'tick' ? sum + message.data.price : sum),
    endsWhen: (message) => message.name === 'done' && message.data > 3,
  })
  expectTypeOf(data).toEqualTypeOf<number>()
  expectTypeOf(fromEventSource('/x', { events: ['tick'], decode: json<Tick>() })).toEqualTypeOf<Wire<Tick>>()
  expectTypeOf(fromEventSource('/x', { events: ['tick'] })).toEqualTypeOf<Wire<string>>()
  // @ts-expect-error there is no such event
  fromEventSource('/x', { events, endsWhen: ({ name }) => name === 'tock' })
  // @ts-expect-error a decoder takes a string
  fromEventSource('/x', { events: { tick: (input: number) => input } })
}

export function infersThroughTheOperators() {
  expectTypeOf(wire.pipe(messages())).toEqualTypeOf<Observable<number>>()
  expectTypeOf(wire.pipe(decode(String))).toEqualTypeOf<Observable<WireEvent<string>>>()
  expectTypeOf(wire.pipe(batch(), messages())).toEqualTypeOf<Observable<number[]>>()
  wire.pipe(foldWire('', (text, message) => text + message.toFixed())).subscribe(({ data }) => {
    expectTypeOf(data).toEqualTypeOf<string>()
  })
}

export function infersTheDataOfAStoreFromItsOptions() {
  expectTypeOf(wireStore(wire)).toEqualTypeOf<WireStore<number | undefined>>()
  expectTypeOf(wireStore(wire, { keep: 3 })).toEqualTypeOf<WireStore<number[]>>()
  expectTypeOf(wireStore(wire, { initial: '', fold: (text, n) => text + n })).toEqualTypeOf<WireStore<string>>()
  expectTypeOf(wireStore(() => wire)).toEqualTypeOf<WireStore<number | undefined>>()
  // @ts-expect-error fold needs initial
  wireStore(wire, { fold: (text: string, n: number) => text + n })
  // @ts-expect-error fold and keep are mutually exclusive
  wireStore(wire, { initial: '', fold: (text: string, n: number) => text + n, keep: 3 })
}

export function infersTheDataOfAHookFromItsOptions() {
  expectTypeOf(useWire(wire)).toEqualTypeOf<WireResult<number | undefined>>()
  expectTypeOf(useWire(wire, { keep: 3 })).toEqualTypeOf<WireResult<number[]>>()
  expectTypeOf(useEventSource('/x')).toEqualTypeOf<WireResult<string | undefined>>()
  expectTypeOf(useEventSource('/x', { decode: Number, keep: 3 })).toEqualTypeOf<WireResult<number[]>>()
  expectTypeOf(useEventSource<Date>('/x', { decode: JSON.parse, keep: 3 })).toEqualTypeOf<WireResult<Date[]>>()
  expectTypeOf(
    useEventSource('/x', { decode: Number, initial: '', fold: (text, n) => text + n.toFixed() }),
  ).toEqualTypeOf<WireResult<string>>()
  // @ts-expect-error a type other than string needs decode
  useEventSource<Date>('/x')
  // @ts-expect-error a type other than string needs decode
  useEventSource<Date>('/x', { keep: 3 })
  // @ts-expect-error fold and keep are mutually exclusive
  useEventSource('/x', { initial: '', fold: (text: string, n: string) => text + n, keep: 3 })
}

interface Tick {
  readonly symbol: string
  readonly price: number
}

declare const tick: z.ZodType<Tick>

export function infersWhatIsSelected() {
  expectTypeOf(useWire(wire, { select: (n) => n?.toFixed() })).toEqualTypeOf<WireResult<string | undefined>>()
  expectTypeOf(useWire(wire, { keep: 3, select: (all) => all.length > 2 })).toEqualTypeOf<WireResult<boolean>>()
  const prices = useEventSource('/x', {
    decode: tick,
    initial: new Map<string, number>(),
    fold: (all, { symbol, price }) => new Map([...all, [symbol, price]]),
    select: (all) => all.get('ACME'),
    isEqual: (shown, next) => shown === next,
  })
  expectTypeOf(prices).toEqualTypeOf<WireResult<number | undefined>>()
  expectTypeOf(useEventSource('/x', { select: (text) => text?.length ?? 0 }).data).toEqualTypeOf<number>()
  expectTypeOf(useWebSocket('/x', { decode: tick, keep: 3, select: (all) => all.at(-1)?.price }).data).toEqualTypeOf<
    number | undefined
  >()
  expectTypeOf(useLongPoll('/x', { decode: tick, select: (last) => last?.symbol }).data).toEqualTypeOf<
    string | undefined
  >()
  expectTypeOf(usePoll('/x', { decode: tick, select: (last) => last?.price ?? 0 }).data).toEqualTypeOf<number>()
  const answer = useFetchStream((prompt: string) => fromFetchStream('/x', { json: { prompt }, decode: text() }), {
    initial: '',
    fold: (all, piece) => all + piece,
    select: (all) => all.length,
  })
  expectTypeOf(answer.data).toEqualTypeOf<number>()
  expectTypeOf(answer.start).toEqualTypeOf<(prompt: string) => void>()
  // @ts-expect-error select takes the data
  useWire(wire, { keep: 3, select: (all: string) => all })
  // @ts-expect-error isEqual takes the selected values
  useWire(wire, { keep: 3, select: (all) => all.length, isEqual: (shown: string, next: string) => shown === next })
  // @ts-expect-error a request starts with `start`, so it has no dehydrated data
  useFetchStream(() => wire, { dehydrated: { data: 1, cursor: undefined } })
}

export function infersWhatIsSuspended() {
  expectTypeOf(useSuspenseWire(wire, { key: 'x' })).toEqualTypeOf<WireResult<number>>()
  expectTypeOf(useSuspenseWire(wire, { key: 'x', keep: 3 })).toEqualTypeOf<WireResult<number[]>>()
  expectTypeOf(
    useSuspenseWire(() => wire, { key: 'x', initial: '', fold: (all, n) => all + n.toFixed() }),
  ).toEqualTypeOf<WireResult<string>>()
  expectTypeOf(useSuspenseWire(wire, { key: 'x', select: (n) => n > 3 })).toEqualTypeOf<WireResult<boolean>>()
  // @ts-expect-error a hook that suspends needs a key
  useSuspenseWire(wire, {})
  // @ts-expect-error a hook that suspends cannot be disabled
  useSuspenseWire(wire, { key: 'x', enabled: false })
}

export function hydratesWhatItDehydrates() {
  const store = wireStore(() => wire, { keep: 3 })
  expectTypeOf(store.dehydrate()).toEqualTypeOf<DehydratedWire<number[]>>()
  useWire(() => wire, { keep: 3, dehydrated: store.dehydrate() })
  wireStore(() => wire, { initial: 0, fold: (sum, n) => sum + n, dehydrated: { data: 7, cursor: '7' } })
  // @ts-expect-error the dehydrated data has another type
  wireStore(() => wire, { initial: 0, fold: (sum, n) => sum + n, dehydrated: { data: 'seven', cursor: '7' } })
  // @ts-expect-error the dehydrated data has another type
  useEventSource('/x', { keep: 3, dehydrated: { data: 'seven', cursor: '7' } })
}

export function namesItsEvents() {
  fromEventSource('/x', { events: ['tick', 'quote'] })
  useEventSource('/x', { events: ['tick'], keep: 3, throwOnError: (error) => error.kind === 'http' })
  // @ts-expect-error events takes an array
  fromEventSource('/x', { events: 'tick' })
  // @ts-expect-error throwOnError takes an error, not a status
  useEventSource('/x', { throwOnError: (status: number) => status > 400 })
}

export function infersTheDataOfAPollFromItsOptions() {
  expectTypeOf(usePoll('/x')).toEqualTypeOf<WireResult<unknown>>()
  expectTypeOf(usePoll<Date>('/x')).toEqualTypeOf<WireResult<Date | undefined>>()
  expectTypeOf(usePoll<Date>('/x', { keep: 3 })).toEqualTypeOf<WireResult<Date[]>>()
  expectTypeOf(usePoll('/x', { decode: schema })).toEqualTypeOf<WireResult<Date | undefined>>()
  expectTypeOf(usePoll('/x', { decode: Number, endsWhen: (n) => n > 3 })).toEqualTypeOf<
    WireResult<number | undefined>
  >()
  expectTypeOf(usePoll('/x', { responseType: 'text' })).toEqualTypeOf<WireResult<string | undefined>>()
  expectTypeOf(usePoll('/x', { responseType: 'text', keep: 3 })).toEqualTypeOf<WireResult<string[]>>()
  expectTypeOf(
    usePoll('/x', { responseType: 'text', decode: Number, initial: '', fold: (text, n) => text + n.toFixed() }),
  ).toEqualTypeOf<WireResult<string>>()
  expectTypeOf(usePoll('/x', { decode: Number, initial: '', fold: (text, n) => text + n.toFixed() })).toEqualTypeOf<
    WireResult<string>
  >()
  // @ts-expect-error fold and keep are mutually exclusive
  usePoll('/x', { decode: Number, initial: '', fold: (text: string, n: number) => text + n, keep: 3 })
  // @ts-expect-error a poll cannot return a Response
  usePoll('/x', { responseType: 'response' })
}

export function infersTheDataOfADurableStreamFromItsOptions() {
  expectTypeOf(useDurableStream<Date>('/x')).toEqualTypeOf<WireResult<Date | undefined>>()
  expectTypeOf(useDurableStream('/x', { decode: Number, keep: 3 })).toEqualTypeOf<WireResult<number[]>>()
  expectTypeOf(fromDurableStream('/x', { decode: schema })).toEqualTypeOf<Wire<Date>>()
  expectTypeOf(fromDurableStream('/x')).toEqualTypeOf<Wire<unknown>>()
  // @ts-expect-error a stream is read with GET
  fromDurableStream('/x', { method: 'POST' })
}

export function infersTheDataOfALongPollFromItsOptions() {
  expectTypeOf(useLongPoll<Date>('/x')).toEqualTypeOf<WireResult<Date | undefined>>()
  expectTypeOf(useLongPoll('/x', { decode: Number, keep: 3 })).toEqualTypeOf<WireResult<number[]>>()
  expectTypeOf(useLongPoll('/x', { decode: Number, initial: '', fold: (text, n) => text + n.toFixed() })).toEqualTypeOf<
    WireResult<string>
  >()
  // @ts-expect-error a cursor is a string
  useLongPoll('/x', { readCursor: () => 7 })
}

export function infersTheDataOfARequestFromItsOptions() {
  expectTypeOf(useFetch<Date>('/x')).toEqualTypeOf<FetchResult<Date>>()
  expectTypeOf(useFetch<Date>('/x').data).toEqualTypeOf<Date | undefined>()
  expectTypeOf(useFetch('/x', { responseType: 'blob' })).toEqualTypeOf<FetchResult<Blob>>()
  expectTypeOf(useFetch('/x', { responseType: 'text', decode: (text) => text.length })).toEqualTypeOf<
    FetchResult<number>
  >()
  expectTypeOf(useFetch('/x', { decode: schema, staleMs: 1, key: ['a', 7] })).toEqualTypeOf<FetchResult<Date>>()
  expectTypeOf(useXhr<Date>('/x')).toEqualTypeOf<XhrResult<Date>>()
  expectTypeOf(useXhr('/x', { responseType: 'blob' })).toEqualTypeOf<XhrResult<Blob>>()
  expectTypeOf(useXhr('/x', { decode: schema }).data).toEqualTypeOf<Date | undefined>()
  // @ts-expect-error a Response can be read only once, so it cannot be cached
  useFetch('/x', { responseType: 'response' })
  // @ts-expect-error the cache sets the ETag
  useFetch('/x', { etag: '"1"' })
  // @ts-expect-error a DOM event is not a body
  document.onclick = useXhr('/x').start
}

interface Command {
  readonly do: string
}

export function infersBothWaysOfAWebSocket() {
  expectTypeOf(fromWebSocket('/x')).toEqualTypeOf<Wire<string | ArrayBuffer>>()
  expectTypeOf(fromWebSocket('/x', { binaryType: 'blob' })).toEqualTypeOf<Wire<string | Blob>>()
  expectTypeOf(fromWebSocket('/x', { decode: (text: string) => Number(text) })).toEqualTypeOf<Wire<number>>()
  expectTypeOf(fromWebSocket('/x', { decode: schema })).toEqualTypeOf<Wire<Date>>()
  expectTypeOf(fromWebSocket<Date>('/x', { decode: JSON.parse })).toEqualTypeOf<Wire<Date>>()
  fromWebSocket('/x', { decode: Number, idOf: (message) => message.toFixed() })
  fromWebSocket('/x', { outgoing: createOutbox<Command>(), encode: (command) => command.do })
  // @ts-expect-error a type other than string needs decode
  fromWebSocket<Date>('/x', {})
  const dated = createOutbox<Command, Date>({
    idOf: (command) => command.do,
    acknowledge: (date) => date.toISOString(),
  })
  fromWebSocket('/x', { decode: schema, outgoing: dated })
  // @ts-expect-error the outbox must accept the received messages
  fromWebSocket('/x', { decode: Number, outgoing: dated })
}

export function knowsWhatAnOutboxTakes() {
  const outbox = createOutbox<Command>()
  outbox.send({ do: 'it' })
  // @ts-expect-error not a command
  outbox.send('it')
  // @ts-expect-error not a source of commands
  outbox.feed(of('it'))
  outbox.feed(of({ do: 'it' }))
  outbox.feed(new ReadableStream<Command>())
}

export function infersBothWaysOfTheHook() {
  const { data, send, buffered } = useWebSocket<number, Command>('/x', { decode: Number, keep: 3 })
  expectTypeOf(data).toEqualTypeOf<number[]>()
  expectTypeOf(buffered).toEqualTypeOf<number>()
  send({ do: 'it' })
  // @ts-expect-error not a command
  send('it')
  expectTypeOf(useWebSocket('/x').data).toEqualTypeOf<string | ArrayBuffer | undefined>()
  const folded = useWebSocket('/x', { decode: Number, initial: '', fold: (text, n) => text + n.toFixed() })
  expectTypeOf(folded.data).toEqualTypeOf<string>()
  // @ts-expect-error a type other than string needs decode
  useWebSocket<Date>('/x', { keep: 3 })
}

export function closesTheUnion() {
  expectTypeOf<WireEvent<unknown>['type']>().toEqualTypeOf<
    'connecting' | 'open' | 'progress' | 'message' | 'waiting' | 'close'
  >()
}

export function infersTheAnswerOfAQuestion() {
  expectTypeOf(fromJsonp('/x')).toEqualTypeOf<Wire<unknown>>()
  expectTypeOf(fromJsonp<{ a: 1 }>('/x')).toEqualTypeOf<Wire<{ a: 1 }>>()
  expectTypeOf(fromJsonp('/x', { decode: String })).toEqualTypeOf<Wire<string>>()
  expectTypeOf(useJsonp('/x', { decode: schema })).toEqualTypeOf<WireResult<Date | undefined>>()
  expectTypeOf(useJsonp('/x', { decode: Number, keep: 3 })).toEqualTypeOf<WireResult<number[]>>()
  expectTypeOf(useJsonp('/x', { decode: Number, initial: '', fold: (all, n) => all + n.toFixed() })).toEqualTypeOf<
    WireResult<string>
  >()
  expectTypeOf(fromImagePing('/x')).toEqualTypeOf<Wire<{ readonly width: number; readonly height: number }>>()
  // @ts-expect-error a script is always loaded with GET
  fromJsonp('/x', { method: 'POST' })
  // @ts-expect-error a stream cannot outlive its page
  sendBeacon('/x', new ReadableStream())
}

export function typesTheMessagesOfAModel() {
  expectTypeOf(fromFetchStream('/x', { json: {}, ...openaiChat() })).toEqualTypeOf<Wire<OpenaiChatChunk>>()
  expectTypeOf(openaiChat<OpenaiChatChunk & { extra: 1 }>().textOf).parameter(0).toHaveProperty('extra')
  fromFetchStream('/x', { ...anthropic(), endsWhen: ({ type }) => type === 'message_delta' })
  // @ts-expect-error the text of a chunk of another protocol
  openaiChat().textOf({ type: 'text-delta' } as AiSdkChunk)
  // @ts-expect-error a chunk of a chat has choices
  openaiChat<{ type: string }>()
  expectTypeOf<ModelPreset<1>['textOf']>().toEqualTypeOf<(message: 1) => string>()
}

export function typesARun() {
  const run = createRun({
    start: (prompt: string, { runId }) => fetch(`/${prompt}/${runId}`),
    resume: ({ resumeFrom }) => fromEventSource('/x', { resumeFrom, decode: Number }),
    runIdOf: (message) => {
      expectTypeOf(message).toEqualTypeOf<number>()
      return undefined
    },
  })
  expectTypeOf(run).toEqualTypeOf<Run<string, number>>()
  expectTypeOf(runStore(run, { id: 'a' })).toEqualTypeOf<RunStore<string, number | undefined>>()
  expectTypeOf(runStore(run, { id: 'a', keep: 3 })).toEqualTypeOf<RunStore<string, number[]>>()
  expectTypeOf(runStore(run, { id: 'a', initial: '', fold: (text, n) => text + n })).toEqualTypeOf<
    RunStore<string, string>
  >()
  expectTypeOf(useRun(run, { id: 'a' }).data).toEqualTypeOf<number | undefined>()
  expectTypeOf(useRun(run, { id: 'a', keep: 3, select: (all) => all.length }).data).toEqualTypeOf<number>()
  expectTypeOf(useRun(run, { id: 'a', initial: '', fold: (text, n) => text + n }).data).toEqualTypeOf<string>()
  expectTypeOf(useRun(run, { id: 'a' }).start).toEqualTypeOf<(input: string) => void>()
  // @ts-expect-error start takes a prompt
  useRun(run, { id: 'a' }).start()
  // @ts-expect-error a run needs an id
  useRun(run, {})
  const silent = createRun({ start: () => wire, resume: () => wire })
  useRun(silent, { id: 'a' }).start()
}
