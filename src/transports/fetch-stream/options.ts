import type { BadMessagePolicy } from '../../decoders/decode-message.ts'
import type { StreamDecoder } from '../../decoders/stream-decoder.ts'
import type { FetchInit } from '../../http/fetch.ts'
import type { RequestWireOptions } from '../../http/request-wire.ts'
import type { Implementations } from '../../platform/globals.ts'

/** Options of `fromFetchStream`. */
export interface FetchStreamOptions<T>
  extends RequestWireOptions,
    FetchInit,
    Pick<Implementations, 'fetch' | 'XMLHttpRequest'> {
  /** How the body becomes messages: `text()` (the default), `lines()`, `ndjson()`, `sse()` or `bytes()`. */
  readonly decode?: StreamDecoder<T> | undefined
  /** What becomes of a message that cannot be decoded. Default `'skip'`: one bad line does not end the answer. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /**
   * The last message: it is delivered, then the wire completes. A response that ends before it fails with kind
   * `truncated`. Default: the end of the body is the end.
   */
  readonly endsWhen?: ((message: T) => boolean) | undefined
  /**
   * The text that ends the response, such as `'[DONE]'`, or a function that recognises it. It is compared before
   * decoding and is not delivered. A response that ends before it fails with kind `truncated`. Default: the end of the
   * body is the end.
   */
  readonly endMarker?: string | ((text: string, name?: string) => boolean) | undefined
  /** What a message says went wrong on the server, in the midst of the answer: then the wire fails with it. */
  readonly failsWhen?: ((message: T) => string | undefined) | undefined
  /** The id of a message, where another request may go on after it. Default: the id of a Server-Sent Event. */
  readonly idOf?: ((message: T) => string | undefined) | undefined
  /** Where the first attempt goes on. Default: at the beginning. */
  readonly resumeFrom?: string | undefined
  /**
   * `true` if the server goes on after `attempt.cursor` when `url`, `headers` or `body` ask it to (they are given the
   * cursor): then an answer that breaks off is gone on with, a POST's too. `'range'` for a file (RFC 9110 §14): the
   * bytes that are missing are asked for, of the same version, which takes a GET, `bytes()` and a server with strong
   * ETags. A part that is less than the rest is gone on with as well, which counts as one retry. If the file has
   * changed meanwhile, or if nothing proves its end, the wire fails with kind `truncated`: another origin must let a
   * page see `ETag` and `Content-Range` (Access-Control-Expose-Headers). The id of a message is the place to go on
   * from, also as `resumeFrom`. There must be no `range` among the `headers`. Default `false`: what broke off after its first message fails.
   */
  readonly resume?: boolean | 'range' | undefined
  /** What makes the request. Default: `'fetch'`, or `'xhr'` on hosts whose fetch cannot stream; that one only reads text. */
  readonly engine?: 'fetch' | 'xhr' | undefined
  /** The longest silence within the answer, in milliseconds, before it counts as dead. Default: no limit. */
  readonly stallTimeoutMs?: number | undefined
}
