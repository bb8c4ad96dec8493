import { createOutbox, type FeedSource, type Outbox, type OutboxAttachment, type OutboxOptions } from 'rxwire'
import { vi } from 'vitest'
import { turn } from './fates.ts'
import { type HandMadeLink, narrowLink } from './hand-made-link.ts'

/** A source that counts its pulls and records the reason for which it is closed. */
export class Source {
  pulls = 0
  readonly left = vi.fn<(reason: unknown) => void>()
  readonly #messages: readonly string[]

  constructor(...messages: readonly string[]) {
    this.#messages = messages
  }

  iterable(): AsyncIterable<string> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve(this.#pull()),
        return: (reason) => {
          this.left(reason)
          return Promise.resolve({ done: true, value: undefined })
        },
      }),
    }
  }

  /** As a stream that does not read ahead. */
  stream(): ReadableStream<string> {
    const pull = (controller: ReadableStreamDefaultController<string>) => {
      const { value } = this.#pull()
      if (value === undefined) controller.close()
      else controller.enqueue(value)
    }
    return new ReadableStream({ pull, cancel: this.left }, { highWaterMark: 0 })
  }

  #pull(): IteratorResult<string, undefined> {
    const value = this.#messages[this.pulls]
    this.pulls += 1
    return value === undefined ? { done: true, value } : { value }
  }
}

export const kinds: [string, (source: Source) => FeedSource<string>][] = [
  ['an async iterable', (source) => source.iterable()],
  ['a stream', (source) => source.stream()],
]

export interface Feeding extends Pick<OutboxAttachment<string>, 'detach' | 'received'> {
  readonly outbox: Outbox<string, string>
  readonly link: HandMadeLink<string>
  /** Lets the link accept one more message. */
  drain(): Promise<void>
}

/** An outbox with an attached link. */
export function outboxToFeed(options: OutboxOptions<string, string> = {}, link = narrowLink<string>()): Feeding {
  const outbox = createOutbox<string, string>(options)
  const { drained, detach, received } = outbox.attach(link)
  const drain = async () => {
    link.isWritable = true
    drained()
    await turn()
  }
  return { outbox, link, drain, detach, received }
}
