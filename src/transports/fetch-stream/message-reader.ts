import type { AttemptSink } from '../../attempt.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import type { OnRecord } from '../../decoders/stream-decoder.ts'
import { CloseError } from '../../errors.ts'
import type { FetchStreamOptions } from './options.ts'

/** What has come of an answer so far. */
export interface Answer {
  readonly onFrame: OnRecord<unknown>
  /** How many messages were delivered. */
  readonly delivered: number
  /** Whether it is whole, and the wire has ended. */
  readonly isWhole: boolean
}

/** Delivers frame after frame, until one of them says that it was the last. */
export function answerTo<T>(
  sink: AttemptSink<T>,
  { endsWhen, failsWhen, cursor }: FetchStreamOptions<T>,
  decodeOne: (frame: never) => T | typeof SKIPPED,
  shownUrl: string,
): Answer {
  const answer = { delivered: 0, isWhole: false, onFrame }
  return answer

  function onFrame(frame: unknown, id?: string, name?: string): void {
    if (answer.isWhole) return
    const message = decodeOne(frame as never)
    if (message === SKIPPED) return
    const failure = failsWhen?.(message)
    if (failure !== undefined) {
      throw new CloseError(`${shownUrl} failed in the midst of its answer: ${failure}`, { wasClean: true })
    }
    const end = endsWhen?.(message) ?? false
    if (end !== true) {
      answer.delivered += 1
      sink.message(message, cursor === undefined ? id : cursor(message), name)
    }
    if (end === false) return
    answer.isWhole = true
    sink.close({ wasClean: true })
  }
}
