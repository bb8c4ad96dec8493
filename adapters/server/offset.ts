// An offset is `<epoch>_<number of the last item before it>`. The epoch is made when the log is created, so an offset
// of a log that was wiped or deleted is recognized: it is answered with 410 and never skips an item.

/** A parsed offset. */
interface Position {
  readonly epoch: string
  /** The number of items before it, from the creation of the log on. */
  readonly seq: number
}

const PATTERN = /^([0-9a-z]{13})_(\d{16})$/

/** Before the oldest item that is still there. */
export const EARLIEST = '-1'
/** The tail. */
export const NOW = 'now'

let lastEpochMs = 0

/** Returns the epoch of a new log. It sorts after those of earlier logs of the same name. */
export function newEpoch(): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  lastEpochMs = Math.max(Date.now(), lastEpochMs + 1)
  return lastEpochMs.toString(36).padStart(9, '0') + (random % 36 ** 4).toString(36).padStart(4, '0')
}

export function formatOffset(epoch: string, seq: number): string {
  return `${epoch}_${String(seq).padStart(16, '0')}`
}

/** Returns `undefined` for text that is no offset of this library, and for the sentinels. */
export function parseOffset(offset: string): Position | undefined {
  const [, epoch, seq] = PATTERN.exec(offset) ?? []
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) }
}

/** The number of items before an offset that the store has returned. */
export function seqOf(offset: string): number {
  return parseOffset(offset)?.seq ?? 0
}

/** Returns the offset that is `items` after another one. */
export function advance(offset: string, items: number): string {
  const { epoch, seq } = parseOffset(offset) ?? { epoch: '', seq: 0 }
  return formatOffset(epoch, seq + items)
}

/** Returns where to read, as the number of items before; `undefined` if the items after the offset are not all there. */
export function resolveOffset(after: string, epoch: string, first: number, tail: number): number | undefined {
  if (after === NOW) return tail
  if (after === EARLIEST) return first - 1
  const position = parseOffset(after)
  // An offset after the tail is of a tail that was lost, for example when a replica took over.
  if (position?.epoch !== epoch || position.seq < first - 1 || position.seq > tail) return undefined
  return position.seq
}
