import { isObservable, type Observable, Subscriber } from 'rxjs'
import type { FeedSource } from './options.ts'

/** Where a feed goes. */
export interface FeedTarget<C> {
  /** Waits for room; resolves when the message was handed over. */
  push(message: C): Promise<void>
  /** Throws if there is no room; resolves when the message was handed over, rejects if it was dropped. */
  offer(message: C): Promise<void>
  /** Whether a message that found no room is the end. */
  readonly endsOnOverflow: boolean
}

/** A feed that is running. */
interface Feeding {
  readonly done: Promise<void>
  /** Leaves the source. */
  stop(reason: unknown): void
}

/** Sends all that comes from a source, until the signal says otherwise. */
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

function start<C>(source: FeedSource<C>, target: FeedTarget<C>): Feeding {
  if (isObservable(source)) return push(source, target)
  if ('getReader' in source) return pull(iterate(source), target)
  if (Symbol.asyncIterator in source) return pull(source[Symbol.asyncIterator](), target)
  throw new TypeError('feed needs an async iterable, a ReadableStream or an Observable')
}

/** The next message is asked for when the last one is out. */
function pull<C>(source: AsyncIterator<C, unknown>, target: FeedTarget<C>): Feeding {
  const stop = (reason: unknown) => {
    // Not waited for: a source that hangs will hang here, too.
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

/** Not every browser can iterate over a stream. */
function iterate<C>(stream: ReadableStream<C>): AsyncIterator<C, unknown> {
  const reader = stream.getReader()
  return {
    next: () => reader.read() as Promise<IteratorResult<C, unknown>>,
    return: async (reason: unknown) => {
      await reader.cancel(reason)
      return { done: true, value: undefined }
    },
  }
}

/** Done when the source is, and every message of it has either gone out or been dropped. */
function push<C>(source: Observable<C>, target: FeedTarget<C>): Feeding {
  let stop = () => {}
  const done = new Promise<void>((resolve, reject) => {
    let waiting = 1
    const settle = () => {
      waiting -= 1
      if (waiting === 0) resolve()
    }
    const send = (message: C) => {
      try {
        const settled = target.offer(message)
        waiting += 1
        settled.then(settle, settle)
      } catch (reason) {
        if (!target.endsOnOverflow) return
        subscriber.unsubscribe()
        reject(reason)
      }
    }
    // A Subscriber exists before the source emits: one that speaks without taking breath can be left, too.
    const subscriber = new Subscriber<C>({ next: send, error: reject, complete: settle })
    stop = () => subscriber.unsubscribe()
    source.subscribe(subscriber)
  })
  return { done, stop }
}
