import type { AttemptSink } from '../../attempt.ts'
import { WireError } from '../../errors.ts'
import type { ResolvedRequest } from '../../http/request.ts'
import { shownUrl } from '../../http/shown-url.ts'
import { after } from '../../platform/clock.ts'
import type { FetchStreamOptions } from './options.ts'

/** Ends an answer in which nothing comes for too long, while somebody waits for it. */
export class SilenceLimit<T> {
  readonly #limitMs: number
  readonly #fail: () => void
  readonly #signal: AbortSignal
  #cancel: (() => void) | undefined

  constructor(
    { stallTimeoutMs = Number.POSITIVE_INFINITY }: FetchStreamOptions<T>,
    request: ResolvedRequest,
    sink: AttemptSink<T>,
    signal: AbortSignal,
  ) {
    this.#limitMs = stallTimeoutMs
    this.#signal = signal
    this.#fail = () => {
      const message = `${request.method} ${shownUrl(request)} was silent for ${stallTimeoutMs} ms in its answer.`
      sink.fail(new WireError('timeout', message, { retryable: true }))
    }
    signal.addEventListener('abort', () => this.broken(), { once: true })
    this.begin()
  }

  begin(): void {
    if (this.#limitMs === Number.POSITIVE_INFINITY || this.#signal.aborted) return
    this.broken()
    this.#cancel = after(this.#limitMs, this.#fail)
  }

  broken(): void {
    this.#cancel?.()
  }
}
