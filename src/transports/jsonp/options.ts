import type { Decode } from '../../decoders/decode-message.ts'
import type { RequestingOptions } from '../../http/requesting.ts'

/** Options of {@link fromJsonp}. */
export interface JsonpOptions<T> extends Pick<RequestingOptions, 'query' | 'retry'> {
  /** The query parameter that the server takes the name of the callback from. Default `'callback'`. */
  readonly callbackParam?: string | undefined
  /** How long one attempt may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /**
   * Whether the script runs where it can reach nothing of the page. Default `true`: no referrer travels, in Chromium
   * and Firefox no cookies of the page, and Chromium does not use what it has cached for the page. (Two things it may
   * learn: where the page's visitor came from, in Firefox, and the address of the page if its Content-Security-Policy
   * says `base-uri 'none'`.) With `false` all of that is as with any script, and whoever controls the answer controls
   * the page: only for a server that you trust with it.
   */
  readonly isolate?: boolean | undefined
  /** The nonce of the page's Content-Security-Policy, which holds for the frame, too. Default: none. */
  readonly nonce?: string | undefined
  /** Turns the answer into the message: a function, or a synchronous Standard Schema. What it throws fails the wire. */
  readonly decode?: Decode<unknown, T> | undefined
}
