import { isPromise } from '../../callback.ts'
import { type Decode, decodeFunction, messageDecoder, type SKIPPED } from '../../decoders/decode-message.ts'
import { undecoded } from '../../decoders/undecoded-text.ts'
import type { EventSourceOptions } from './options.ts'

type Decoders = Readonly<Record<string, Decode<string, unknown>>>
type DecodeEvent<T> = (text: string, id?: string, name?: string) => T | typeof SKIPPED

/** Returns the decoders by event name; `undefined` if `events` only lists names. */
function decodersOf<T>({ events }: EventSourceOptions<T>): Decoders | undefined {
  return Array.isArray(events) ? undefined : (events as Decoders | undefined)
}

/** Returns the event names to deliver; `undefined` if all are. */
export function eventNames<T>(options: EventSourceOptions<T>): readonly string[] | undefined {
  const decoders = decodersOf(options)
  return decoders === undefined ? options.events : Object.keys(decoders)
}

/** Returns the decoder of one subscription. With a decoder per event name, a message is `{ name, data }`. */
export function eventDecoder<T>(options: EventSourceOptions<T>): DecodeEvent<T> {
  const { decode, onBadMessage } = options
  const decoders = decodersOf(options)
  // Without a decoder the text is the message: `T` is `string` then.
  if (decoders === undefined)
    return messageDecoder(decode ?? undecoded<string, T>('fromEventSource'), onBadMessage, JSON.parse)
  const byName = new Map(Object.entries(decoders).map(([name, each]) => [name, decodeFunction(each, JSON.parse)]))
  const decodeNamed = messageDecoder(({ name, data }: { readonly name: string; readonly data: string }) => {
    const decoded = byName.get(name)?.(data)
    // A promise is refused, and not hidden in a message.
    return (isPromise(decoded) ? decoded : { name, data: decoded }) as T
  }, onBadMessage)
  return (data, id, name = 'message') => decodeNamed({ name, data }, id)
}
