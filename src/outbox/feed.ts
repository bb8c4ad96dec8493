import { isObservable, type Observable, Subscriber } from 'rxjs'
import type { FeedSource } from './options.ts'

/** The part of an outbox that a feed uses. */
export interface FeedTarget<C> {
  /** Waits for room. Resolves when the message was sent. */
  push(message: C): Promise<void>
  /** Throws if there is no room. Resolves when the message was sent, rejects if it was dropped. */
  send(message: C): Promise<void>
  /** Whether a message without room ends the feed. */
  readonly endsOnOverflow: boolean
}

/** A running feed. */
interface RunningFeed {
  readonly done: Promise<void>
  /** Cancels the source. */
  stop(reason: unknown): void
}

/** Sends all messages of a source, until the signal is aborted. */
export async function feedFrom<C>(
  source: FeedSource<C>,
  target: FeedTarget<C>,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted()
  const { done, stop } = start(source, target)
  if (signal === undefined) return done
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      stop(signal.reason)
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    done.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function start<C>(source: FeedSource<C>, target: FeedTarget<C>): RunningFeed {
  if (isObservable(source)) return push(source, target)
  if ('getReader' in source) return pull(iterate(source), target)
  if (Symbol.asyncIterator in source) return pull(source[Symbol.asyncIterator](), target)
  throw new TypeError('feed needs an async iterable, a ReadableStream or an Observable')
}

/** Pulls the next message when the last one was sent. */
function pull<C>(source: AsyncIterator<C, unknown>, target: FeedTarget<C>): RunningFeed {
  const stop = (reason: unknown) => {
    // Not awaited: the source may hang.
    source.return?.(reason)?.catch(() => {})
  }
  const run = async () => {
    for (;;) {
      const { done, value } = await source.next()
      if (done === true) return
      try {
        await target.push(value)
      } catch (reason) {
        stop(reason)
        throw reason
      }
    }
  }
  return { done: run(), stop }
}

/** Iterates a stream by its reader, because not every browser supports async iteration of streams. */
function iterate<C>(stream: ReadableStream<C>): AsyncIterator<C, unknown> {
  const reader = stream.getReader()
  return {
    next: async () => {
      const result = await reader.read()
      if (result.done) reader.releaseLock()
      return result as IteratorResult<C, unknown>
    },
    return: async (reason: unknown) => {
      const cancelled = reader.cancel(reason)
      reader.releaseLock()
      await cancelled
      return { done: true, value: undefined }
    },
  }
}

/** Resolves when the source has completed, and each of its messages was sent or dropped. */
function push<C>(source: Observable<C>, target: FeedTarget<C>): RunningFeed {
  let stop = () => {}
  const done = new Promise<void>((resolve, reject) => {
    // The source itself, and each message that has not settled.
    let pending = 1
    const settle = () => {
      pending -= 1
      if (pending === 0) resolve()
    }
    const send = (message: C) => {
      try {
        const settled = target.send(message)
        pending += 1
        settled.then(settle, settle)
      } catch (reason) {
        if (!target.endsOnOverflow) return
        subscriber.unsubscribe()
        reject(reason)
      }
    }
    // A Subscriber exists before the source emits, so a synchronous source can be unsubscribed, too.
    const subscriber = new Subscriber<C>({ next: send, error: reject, complete: settle })
    stop = () => subscriber.unsubscribe()
    source.subscribe(subscriber)
  })
  return { done, stop }
}
