// The types that transports and hooks derive from their options. TypeScript infers nothing next to explicit type
// arguments, so no example writes them: `decode: json<Tick>()` says the type.

/** The type of the messages: what `decode` returns (`T`), or what was received if there is no `decode`. */
export type MessageOf<T, Received> = [T] extends [never] ? Received : T

/** `decode` is missing: messages of another type than what is received need one, such as `json<Tick>()`. */
export interface DecodeRequired<D> {
  readonly decode: D
}

/**
 * Requires the option `decode` for messages of another type than what is received. JSON that the transport has parsed
 * (`unknown`) may have any type.
 */
export type NeedsDecode<Received, T, D> = [T] extends [never]
  ? unknown
  : [Received] extends [T]
    ? unknown
    : unknown extends Received
      ? unknown
      : D
