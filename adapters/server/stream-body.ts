import { isEnd, type LogReader } from './log-reader.ts'
import type { ResolvedOptions } from './options.ts'
import { concat } from './payload.ts'
import type { ReadResult } from './store.ts'
import { encoded, type StreamFormat } from './stream-formats.ts'

/** What an endless response is made of. */
interface StreamSource {
  readonly reader: LogReader
  /** What was read to decide about the status. */
  readonly first: Exclude<ReadResult, { type: 'missing' }>
  /** What the client asked for. */
  readonly from: string
  readonly format: StreamFormat
  readonly options: ResolvedOptions
  readonly stop: AbortController
  readonly mayRead: () => Promise<boolean>
  /** Whether the response ends after `rotateMs`. Otherwise it is authorized again. */
  readonly endsAtRotation: boolean
}

/** An endless response that was cut, because it can be continued later. A finite format must not look complete. */
class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** Returns a body that reads a page when the client has room for one. */
export function streamBody({
  reader,
  first,
  from,
  format,
  options,
  stop,
  mayRead,
  endsAtRotation,
}: StreamSource): ReadableStream<Uint8Array> {
  // Spread over a tenth, so that clients that came together do not return together.
  const rotateMs = options.rotateMs * (0.95 + Math.random() / 10)
  let rotateAtMs = Date.now() + rotateMs
  let result: ReadResult | undefined = first
  let isStarted = false
  let hasEnded = false

  /** Returns the next pieces; `undefined` at the end. */
  const next = async (): Promise<readonly Uint8Array[] | undefined> => {
    if (Date.now() >= rotateAtMs) {
      if (endsAtRotation) return undefined
      if (!(await mayRead())) throw new Interrupted('The request is no longer authorized.')
      rotateAtMs = Date.now() + rotateMs
    }
    const current = result ?? (await reader.next(Math.min(options.heartbeatMs, rotateAtMs - Date.now())))
    result = undefined
    if (current.type === 'missing') return undefined
    if (current.type === 'gone') {
      const lost = isStarted ? reader.position : from
      const gap = format.gap?.(lost, reader.skipTo(current.head))
      isStarted = true
      return gap === undefined ? undefined : [encoded(gap)]
    }
    const { items, after } = current
    const pieces = items.length > 0 ? format.page(current) : [encoded(format.idle(current))]
    if (isEnd(current)) hasEnded = true
    const start = isStarted ? '' : format.start(after)
    isStarted = true
    // One piece, because each is a chunk of its own on the network.
    return start === '' ? pieces : [concat([encoded(start), ...pieces])]
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const pieces = await next()
          for (const piece of pieces ?? []) controller.enqueue(piece)
          if (pieces !== undefined && !hasEnded) return
          stop.abort()
          controller.close()
        } catch (error) {
          stop.abort()
          controller.error(error)
        }
      },
      cancel() {
        stop.abort()
      },
    },
    // Nothing is read before the client asks for it.
    { highWaterMark: 0 },
  )
}
