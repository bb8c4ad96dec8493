import { advance, EARLIEST, formatOffset, NOW, parseOffset, seqOf } from './offset.ts'
import type { LogHead, LogPage, LogStore, PageLimit, ReadResult } from './store.ts'
import { after, nextTurn } from './timer.ts'

/** How a reader reads. */
export interface ReaderOptions {
  readonly limit: PageLimit
  /** How many items a reader may be behind the tail. */
  readonly maxBehind: number
}

/**
 * Reads a log page by page. A reader is a position: it holds nothing between two pages, so a slow client costs one page.
 */
export class LogReader {
  readonly #store: LogStore
  readonly #name: string
  readonly #options: ReaderOptions
  readonly #signal: AbortSignal
  #position: string
  #isAtTail = false
  #hasRead = false

  /** @param position An offset, `-1` or `now`. */
  constructor(store: LogStore, name: string, position: string, options: ReaderOptions, signal: AbortSignal) {
    this.#store = store
    this.#name = name
    this.#position = position
    this.#options = options
    this.#signal = signal
  }

  /** Where the next page starts. */
  get position(): string {
    return this.#position
  }

  /**
   * Returns the next page. At the tail it waits for one, at most `waitMs`, and then returns an empty one. The first page
   * may be empty at once. A log that does not change any more has empty pages from then on.
   */
  async next(waitMs: number): Promise<ReadResult> {
    const deadlineMs = Date.now() + waitMs
    for (;;) {
      const wasAtTail = this.#isAtTail
      const leftMs = deadlineMs - Date.now()
      if (wasAtTail && leftMs > 0) await this.#untilChanged(leftMs)
      // Otherwise a fast client that catches up would block all other requests.
      else if (this.#hasRead) await nextTurn()
      this.#hasRead = true
      const result = await this.#store.read(this.#name, this.#position, this.#options.limit)
      if (result.type !== 'page') return result
      if (this.#isTooFarBehind(result)) return { type: 'gone', head: result.head }
      this.#position = nextOffset(result)
      this.#isAtTail = isUpToDate(result)
      const isNews = result.items.length > 0 || !wasAtTail || result.head.closed
      if (isNews || this.#signal.aborted || Date.now() >= deadlineMs) return result
    }
  }

  /** Continues with the oldest item that may be read. Returns where that is. */
  skipTo({ offset, earliest }: LogHead): string {
    const tail = parseOffset(offset)
    const seq = Math.max(seqOf(earliest), seqOf(offset) - this.#options.maxBehind)
    this.#isAtTail = false
    this.#position = formatOffset(tail?.epoch ?? '', seq)
    return this.#position
  }

  #isTooFarBehind(page: LogPage): boolean {
    const isResumed = this.#position !== EARLIEST && this.#position !== NOW
    return isResumed && seqOf(page.head.offset) - seqOf(page.after) > this.#options.maxBehind
  }

  async #untilChanged(waitMs: number): Promise<void> {
    const own = new AbortController()
    const stop = () => own.abort()
    const cancel = after(waitMs, stop)
    this.#signal.addEventListener('abort', stop)
    if (this.#signal.aborted) stop()
    try {
      await this.#store.changed(this.#name, this.#position, own.signal)
    } finally {
      cancel()
      this.#signal.removeEventListener('abort', stop)
    }
  }
}

/** The offset after a page. */
export function nextOffset(page: LogPage): string {
  return advance(page.after, page.items.length)
}

/** Whether a page reaches the tail. */
export function isUpToDate(page: LogPage): boolean {
  return nextOffset(page) === page.head.offset
}

/** Whether nothing comes after a page any more. */
export function isEnd(page: LogPage): boolean {
  return page.head.closed && isUpToDate(page)
}
