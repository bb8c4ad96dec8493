import type { MessageInfo } from '../decoders/end-options.ts'
import { isWireError, type WireError } from '../errors.ts'
import type { WireClose, WireEvent, WireOpen } from '../wire.ts'

/**
 * Functions that are called once for each event of a wire, for example to show a toast or to write to a ref. An error
 * that one of them throws becomes an uncaught error of the page, as that of an event listener. It does not affect the wire.
 */
export interface WireCallbacks<T> {
  /** Called with each message, after it was added to the data. Default: none. */
  readonly onMessage?: ((message: T, info: MessageInfo) => void) | undefined
  /** Called when a connection opens, also when it opens again after a failure. Default: none. */
  readonly onOpen?: ((open: Omit<WireOpen, 'type'>) => void) | undefined
  /**
   * Called with each failure. `isFinal` is `true` if it has ended the wire, and `false` if the wire connects again.
   * Default: none.
   */
  readonly onError?: ((error: WireError, info: { readonly isFinal: boolean }) => void) | undefined
  /**
   * Called when the wire has ended without a failure: the server has closed it, or `stop` was called. An unmount, and a
   * close that the wire reconnects after, are no end. Default: none.
   */
  readonly onClose?: ((close: Omit<WireClose, 'type'>) => void) | undefined
}

/** Calls the function for an event, or for the failure that has ended the wire. */
export function callBack<T>(callbacks: WireCallbacks<T>, event: WireEvent<T> | WireError): void {
  if (!('type' in event)) callbacks.onError?.(event, { isFinal: true })
  else if (event.type === 'message') callbacks.onMessage?.(event.data, { id: event.id, name: event.name })
  else if (event.type === 'waiting' && isWireError(event.cause)) callbacks.onError?.(event.cause, { isFinal: false })
  else if (event.type === 'open') callbacks.onOpen?.(withoutType(event))
  else if (event.type === 'close') callbacks.onClose?.(withoutType(event))
}

function withoutType<E extends { readonly type: string }>({ type: _, ...fields }: E): Omit<E, 'type'> {
  return fields
}
