import type { BadMessagePolicy } from '../../decoders/decode-message.ts'
import type { EndOptions } from '../../decoders/end-options.ts'
import type { StreamDecoder } from '../../decoders/stream-decoder.ts'
import type { FetchInit } from '../../http/fetch.ts'
import type { RequestWireOptions } from '../../http/request-wire.ts'
import type { StreamEngine } from '../../http/stream-engine.ts'
import type { Implementations } from '../../platform/globals.ts'
import type { GoneOptions } from '../../policy/retry-policy.ts'
import type { ResumePlan } from './continuation.ts'

/**
 * Options of `fromFetchStream`. A response that ends before `endsWhen` or `endMarker` matched fails with kind `truncated`;
 * without them, the end of the body is the end.
 */
export interface FetchStreamOptions<T>
  extends RequestWireOptions,
    EndOptions<T>,
    GoneOptions,
    FetchInit,
    Pick<Implementations, 'fetch'> {
  /** Turns the body into messages: `text()` (the default), `lines()`, `ndjson()`, `sse()` or `bytes()`. */
  readonly decode?: StreamDecoder<T> | undefined
  /** What happens to a record that cannot be decoded. Default `'skip'`: one bad line does not end the wire. */
  readonly onBadMessage?: BadMessagePolicy | undefined
  /** Returns the id of a message, after which a later request can resume. Default: the id of a Server-Sent Event. */
  readonly idOf?: ((message: T) => string | undefined) | undefined
  /** The id to resume after on the first attempt. Default: the start of the response. */
  readonly resumeFrom?: string | undefined
  /**
   * Whether a response that breaks off is resumed. Default `false`: after its first message it fails.
   * - `true`: the server continues after the cursor. `url`, `headers` and `body` receive the cursor and have to send
   *   it; with `sse()`, `Last-Event-ID` carries it unless `url` or `body` is a function. This also resumes a POST.
   * - `byteRange()`: the missing bytes of a download are requested.
   */
  readonly resume?: boolean | ResumePlan | undefined
  /**
   * What sends the request. Default: `fetch`. `xhrEngine()` serves hosts whose `fetch` cannot stream, and reads only
   * text.
   */
  readonly engine?: StreamEngine | undefined
  /**
   * `'ignore'` accepts a response of any content type. Default: `sse()` accepts only `text/event-stream`, and the other
   * decoders accept everything but `text/html`, which is the type of login and error pages.
   */
  readonly contentType?: 'ignore' | undefined
  /** How long the response may be silent before the attempt fails, in milliseconds. Default: no limit. */
  readonly stallTimeoutMs?: number | undefined
}
