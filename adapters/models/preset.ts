import { type FetchStreamOptions, type SseMessage, type StreamDecoder, sse } from 'rxwire'

/** The options of `fromFetchStream` for the protocol of a provider, to be spread into yours. */
export interface ModelPreset<T>
  extends Pick<FetchStreamOptions<T>, 'endMarker' | 'endsWhen' | 'failsWhen' | 'idOf' | 'method'> {
  readonly decode: StreamDecoder<T>
  /** Returns the text that a message adds to the answer; an empty text if it adds none. */
  readonly textOf: (message: T) => string
}

/** A known name, or one that a later version of the protocol adds. */
export type OpenName<Known extends string> = Known | (string & Record<never, never>)

/** How a provider describes a failure. */
export interface ModelError {
  readonly message?: string | null
  readonly type?: string | null
  readonly code?: string | number | null
}

/** Decodes a body of Server-Sent Events whose data is JSON. A message is that JSON, without the event around it. */
export function jsonEvents<T>(): StreamDecoder<T> {
  return { ...sse(), decode: ({ data }: SseMessage<string>): T => JSON.parse(data) }
}

/** Returns what a provider says about a failure; `undefined` if there is none. */
export function reasonOf(error: object | string | null | undefined): string | undefined {
  if (!error) return undefined
  const { code, type, message } = typeof error === 'string' ? { message: error } : (error as ModelError)
  return [code ?? type, message].filter(Boolean).join(': ') || JSON.stringify(error)
}
