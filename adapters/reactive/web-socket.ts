import {
  type AllTypeArguments,
  fromWebSocket,
  type MessageOf,
  type NeedsDecode,
  type Outbox,
  type OutboxCounts,
  type OutboxOptions,
  type SocketData,
  type SocketDecoderRequired,
  type WebSocketOptions,
  type Wire,
  wireStore,
} from 'rxwire'
import { addFields, type CreateHost, readInput } from './host.ts'
import { type AnyOptions, addStore, type StoreInput } from './reactive-store.ts'
import { countsOf, NO_COUNTS, sharedOutbox } from './shared-outbox.ts'
import type { FoldedWire, KeptWire, LastWire, ReactiveFields, ReactiveTypes, ReactiveWire, UrlInput } from './types.ts'
import { isKnown, urlReader, whileSame } from './url.ts'

/** Options of a socket and of its outbox. */
export interface SocketOptions<T, C, B extends BinaryType = BinaryType, M = MessageOf<T, SocketData<B>>>
  extends WebSocketOptions<T, C, B, M> {
  /**
   * Options of an outbox of its own, which is cleared `lingerMs` after its last component is gone. Another url starts with
   * an empty one, so that messages for one server are not sent to another. To keep queued messages, pass an outbox as
   * `outgoing`. Default: the defaults of `createOutbox`.
   */
  readonly outbox?: OutboxOptions<C, NoInfer<M>> | undefined
}

/** A wire in both directions: state, counts of the outbox, controls, `send` and `feed`. */
export interface ReactiveWebSocket<F extends ReactiveTypes, D, C>
  extends ReactiveWire<F, D>,
    ReactiveFields<F, OutboxCounts>,
    Pick<Outbox<C>, 'send' | 'feed'> {}

/** Requires a decoder unless messages are delivered as received. */
type SocketNeeds<T, B extends BinaryType> = NeedsDecode<SocketData<B>, T, SocketDecoderRequired<T>>

/** The function of an adapter that connects to a WebSocket. */
export interface OpenWebSocket<F extends ReactiveTypes> {
  /** Without options, the data is the last message as it was received. */
  (url: UrlInput<F>): ReactiveWebSocket<F, SocketData<'arraybuffer'> | undefined, unknown>
  /** Keeps the last message. */
  <T = never, C = unknown, B extends BinaryType = 'arraybuffer'>(
    url: UrlInput<F>,
    options: SocketNeeds<T, B> & SocketOptions<T, C, B> & LastWire<F, MessageOf<T, SocketData<B>>>,
  ): ReactiveWebSocket<F, MessageOf<T, SocketData<B>> | undefined, C>
  /** Keeps the last messages in an array. */
  <T = never, C = unknown, B extends BinaryType = 'arraybuffer'>(
    url: UrlInput<F>,
    options: SocketNeeds<T, B> & SocketOptions<T, C, B> & KeptWire<F, MessageOf<T, SocketData<B>>>,
  ): ReactiveWebSocket<F, MessageOf<T, SocketData<B>>[], C>
  /** Folds each message into data. */
  <T = never, C = unknown, D = AllTypeArguments, B extends BinaryType = 'arraybuffer'>(
    url: UrlInput<F>,
    options: SocketNeeds<T, B> & SocketOptions<T, C, B> & FoldedWire<F, MessageOf<T, SocketData<B>>, D>,
  ): ReactiveWebSocket<F, D, C>
}

// The overloads above require a decoder where one is needed.
const connect = fromWebSocket as unknown as (url: string | URL, options: object) => Wire<never>

/** An outbox, how to use it, and the two inputs of the store: with a connection, and without one. */
interface Socket {
  readonly outbox: Outbox<unknown, never>
  readonly use: () => () => void
  readonly enabled: StoreInput<never>
  readonly disabled: StoreInput<never>
}

/**
 * Creates the function of an adapter that connects to a WebSocket, such as `useWebSocket` of `rxwire/vue`.
 *
 * @param createHost What the adapter knows about its framework.
 */
export function defineWebSocket<F extends ReactiveTypes>(createHost: CreateHost): OpenWebSocket<F> {
  const open = (url: unknown, options: SocketOptions<never, unknown, BinaryType, never> & AnyOptions = {}) => {
    const read = urlReader(createHost, url, options.key, 'web-socket', [options.protocols, options.baseUrl])
    const socketOf = whileSame<Socket>(({ url, key }) => {
      const own = sharedOutbox<unknown, never>(key ?? {}, options.outbox ?? {}, options.lingerMs ?? 0)
      const outbox = options.outgoing ?? own.outbox
      const wire = isKnown(url) ? connect(url, { ...options, outgoing: outbox }) : undefined
      return { outbox, use: own.use, enabled: { wire, key }, disabled: { wire: undefined } }
    })
    // An invalid url or option throws here, and not when the connection opens.
    if (typeof url === 'string') socketOf(read())
    const current = () => socketOf(read())
    const result = {
      send: (...args: Parameters<Outbox<unknown>['send']>) => current().outbox.send(...args),
      feed: (...args: Parameters<Outbox<unknown>['feed']>) => current().outbox.feed(...args),
    }
    const host = createHost()
    const openStore = addStore(host, result, options)
    const setCounts = addFields(host, result, NO_COUNTS)
    host.connect(
      () => current()[readInput(createHost, options.enabled) === false ? 'disabled' : 'enabled'],
      (input) => {
        const { outbox, use } = current()
        const counts = wireStore(countsOf(outbox), { initial: NO_COUNTS, fold: (_, next) => next })
        const leave = [use(), counts.subscribe(() => setCounts(counts.getSnapshot().data)), openStore(input)]
        return () => {
          for (const each of leave) each()
        }
      },
    )
    return result
  }
  return open as unknown as OpenWebSocket<F>
}
