import { type AppendOptions, mediaType, type Producer } from './store.ts'

/** What a store knows about a log and the producer of an append. */
export interface AppendState {
  readonly contentType: string
  readonly closed: boolean
  /** The producer whose append has closed the log. */
  readonly closedBy: Producer | undefined
  readonly streamSeq: string | undefined
  /** The last accepted append of this producer; `undefined` if there is none. */
  readonly producer: Omit<Producer, 'id'> | undefined
}

/** What is to be done with an append. */
export type Verdict = 'appended' | 'duplicate' | 'fenced' | 'gap' | 'closed' | 'stale' | 'mismatch'

/**
 * Decides about an append. The Redis script contains the same rules.
 *
 * [spec] Durable Streams §5.2: a closed log first, then the content type, the producer (§5.2.1), the sequence.
 */
export function judgeAppend(state: AppendState, options: AppendOptions, itemCount: number): Verdict {
  const { producer } = options
  if (state.closed) {
    if (producer === undefined) return itemCount === 0 && options.close === true ? 'duplicate' : 'closed'
    const { closedBy } = state
    const isRepeated =
      closedBy?.id === producer.id && closedBy.epoch === producer.epoch && closedBy.seq === producer.seq
    return isRepeated ? 'duplicate' : 'closed'
  }
  if (options.contentType !== undefined && mediaType(options.contentType) !== mediaType(state.contentType)) {
    return 'mismatch'
  }
  if (producer !== undefined) {
    const last = state.producer
    if (last !== undefined && producer.epoch < last.epoch) return 'fenced'
    const lastSeq = last === undefined || producer.epoch > last.epoch ? -1 : last.seq
    if (producer.seq <= lastSeq) return 'duplicate'
    if (producer.seq > lastSeq + 1) return 'gap'
  }
  if (
    options.streamSeq !== undefined &&
    state.streamSeq !== undefined &&
    !isAfter(options.streamSeq, state.streamSeq)
  ) {
    return 'stale'
  }
  return 'appended'
}

/** Compares by bytes. A header has one byte per character, so comparing characters is the same. */
function isAfter(seq: string, previous: string): boolean {
  return seq > previous
}
