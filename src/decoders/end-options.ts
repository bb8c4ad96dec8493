import { callSync, isText, isTrue } from '../callback.ts'
import { CloseError } from '../errors.ts'
import { requireFunction } from '../validate.ts'

/** What is known of a message besides its data. */
export interface MessageInfo {
  readonly id?: string | undefined
  /** The name of a Server-Sent Event, unless it is `message`. */
  readonly name?: string | undefined
}

/** How a server says in its messages that a stream is over. */
export interface EndOptions<T> {
  /** The last message: it is delivered, then the wire completes. Default: none. */
  readonly endsWhen?: ((message: NoInfer<T>, info: MessageInfo) => boolean) | undefined
  /**
   * The text that ends the stream, such as `'[DONE]'`, or a function that recognizes it and receives the name of the
   * event. It is compared before events are filtered and decoded, and is not delivered. The wire completes. Default:
   * none.
   */
  readonly endMarker?: string | ((text: string, name?: string) => boolean) | undefined
  /** Returns the failure that a message reports, or `undefined`. Then the wire fails with kind `closed`. Default: none. */
  readonly failsWhen?: ((message: NoInfer<T>, info: MessageInfo) => string | undefined) | undefined
}

/** @throws TypeError if an option is invalid. */
export function requireEndOptions({ endsWhen, endMarker, failsWhen }: EndOptions<never>): void {
  requireFunction('endsWhen', endsWhen)
  if (typeof endMarker !== 'string') requireFunction('endMarker', endMarker)
  requireFunction('failsWhen', failsWhen)
}

// Hot paths: a closure here would cost an object for each message, also without the option.

/** Returns whether a text ends the stream. */
export function isEndMarker({ endMarker }: EndOptions<never>, text: string | undefined, name?: string): boolean {
  if (endMarker === undefined || text === undefined) return false
  return typeof endMarker === 'string' ? text === endMarker : callsItTheEnd(endMarker, text, name)
}

function callsItTheEnd(endMarker: (text: string, name?: string) => boolean, text: string, name?: string): boolean {
  return isTrue('endMarker', () => endMarker(text, name))
}

/**
 * Returns whether a message is the last one. Without the options it does nothing.
 *
 * @param address Returns the address for the error message.
 * @throws CloseError if the message reports a failure.
 */
export function isLastMessage<T>(
  options: EndOptions<T>,
  message: T,
  id: string | undefined,
  name: string | undefined,
  address: () => string,
): boolean {
  if (options.endsWhen === undefined && options.failsWhen === undefined) return false
  return isEndOrFailure(options, message, { id, name }, address)
}

function isEndOrFailure<T>(
  { endsWhen, failsWhen }: EndOptions<T>,
  message: T,
  info: MessageInfo,
  address: () => string,
): boolean {
  // Many servers send an empty error with each message that has none.
  const fails = () => failsWhen?.(message, info) || undefined
  const failure = callSync('failsWhen', fails, 'a text', (result) => result === undefined || isText(result))
  if (failure === undefined) return isTrue('endsWhen', () => endsWhen?.(message, info))
  throw new CloseError(`${address()} reported a failure in its response: ${failure}`, {
    messageId: info.id,
    wasClean: true,
  })
}
