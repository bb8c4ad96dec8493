import {
  type AllTypeArguments,
  type Decode,
  type DecodeRequired,
  type EventMessage,
  type EventSourceOptions,
  fromEventSource,
  type NeedsDecode,
  type Wire,
} from 'rxwire'
import { requestPart } from './connection-key.ts'
import type { CreateHost } from './host.ts'
import { type AnyOptions, openStore } from './reactive-store.ts'
import type { FoldedWire, KeptWire, LastWire, ReactiveTypes, ReactiveWire, UrlInput } from './types.ts'
import { isKnown, urlReader, whileSame } from './url.ts'

/** Requires `decode` unless messages are text. */
type TextNeeds<T> = NeedsDecode<string, T, DecodeRequired<Decode<string, T>>>

/** The function of an adapter that connects to Server-Sent Events. */
export interface OpenEventSource<F extends ReactiveTypes> {
  /** Without options, the data is the text of the last event. */
  (url: UrlInput<F>): ReactiveWire<F, string | undefined>
  /** Keeps the last message. */
  <T = string, E = never>(
    url: UrlInput<F>,
    options: TextNeeds<T> & EventSourceOptions<T, E> & LastWire<F, EventMessage<T, E>>,
  ): ReactiveWire<F, EventMessage<T, E> | undefined>
  /** Keeps the last messages in an array. */
  <T = string, E = never>(
    url: UrlInput<F>,
    options: TextNeeds<T> & EventSourceOptions<T, E> & KeptWire<F, EventMessage<T, E>>,
  ): ReactiveWire<F, EventMessage<T, E>[]>
  /** Folds each message into data. */
  <T = string, D = AllTypeArguments, E = never>(
    url: UrlInput<F>,
    options: TextNeeds<T> & EventSourceOptions<T, E> & FoldedWire<F, EventMessage<T, E>, D>,
  ): ReactiveWire<F, D>
}

// The overloads above require a decoder where one is needed.
const connect = fromEventSource as unknown as (url: string | URL, options: object) => Wire<never>

/**
 * Creates the function of an adapter that connects to Server-Sent Events, such as `useEventSource` of `rxwire/vue`.
 *
 * @param createHost What the adapter knows about its framework.
 */
export function defineEventSource<F extends ReactiveTypes>(createHost: CreateHost): OpenEventSource<F> {
  const open = (url: unknown, options: EventSourceOptions<never> & AnyOptions = {}) => {
    const parts = [requestPart(options), options.events, options.engine]
    const read = urlReader(createHost, url, options.key, 'event-source', parts)
    const input = whileSame(({ url, key }) => ({ wire: isKnown(url) ? connect(url, options) : undefined, key }))
    // An invalid url or option throws here, and not when the connection opens.
    if (typeof url === 'string') input(read())
    return openStore(createHost, options, () => input(read()))
  }
  return open as unknown as OpenEventSource<F>
}
