import { now } from '../../platform/clock.ts'
import { hint, isHintActive } from '../../platform/hints.ts'
import { type ResolvedRequest, shownUrl } from '../request.ts'

const SILENCE_MS = 1_000
// Two events, or several rows. A single long line that arrives slowly is a slow server.
const MIN_LINES = 4

/** The data between two silences. */
interface Burst {
  bytes: number
  lines: number
  endsWithinLine: boolean
}

/** Receives a piece of a body, and the number of bytes so far. */
type OnPiece<Piece> = (piece: Piece, loaded: number) => void | Promise<void>

/**
 * Detects a proxy that buffers a stream and forwards the buffer when it is full (nginx: `proxy_buffering`). Each burst
 * follows a silence, has several lines, ends within a line, and has the size of the buffer, so two bursts in a row are
 * equally long. A server without a proxy ends its bursts at the end of a line, and a bad network splits them anywhere,
 * in different sizes. In development, a stream with all these signs causes a hint.
 *
 * @param onPiece Receives the pieces. The time that it takes to return or resolve does not count as silence.
 */
export function watchBuffering<Piece>(request: ResolvedRequest, onPiece: OnPiece<Piece>): OnPiece<Piece> {
  if (!isHintActive('buffering')) return onPiece
  let previous: Burst | undefined
  let current: Burst = { bytes: 0, lines: 0, endsWithinLine: false }
  let lastLoaded = 0
  let lastMs = now()
  const track = (text: string, loaded: number) => {
    if (now() - lastMs >= SILENCE_MS) {
      if (isFullBuffer(current) && previous?.bytes === current.bytes) hintBuffering(request, current)
      previous = isFullBuffer(current) ? current : undefined
      current = { bytes: 0, lines: 0, endsWithinLine: false }
    }
    current.bytes += loaded - lastLoaded
    current.lines += linesIn(text)
    current.endsWithinLine = !/[\r\n]$/.test(text)
    lastLoaded = loaded
  }
  const restartTimer = () => {
    lastMs = now()
  }
  return (piece, loaded) => {
    if (typeof piece === 'string') track(piece, loaded)
    const consumed = onPiece(piece, loaded)
    if (consumed === undefined) restartTimer()
    return consumed?.then(restartTimer)
  }
}

function isFullBuffer({ lines, endsWithinLine }: Burst): boolean {
  return endsWithinLine && lines >= MIN_LINES
}

function linesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && count < MIN_LINES; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

function hintBuffering(request: ResolvedRequest, { bytes }: Burst): void {
  hint(
    'buffering',
    `${request.method} ${shownUrl(request)} seems to be buffered by a proxy: it arrives in bursts of ${bytes} bytes ` +
      'that end within a line, with silence between them. Send `X-Accel-Buffering: no` in the ' +
      'response (nginx: or `proxy_buffering off`).',
  )
}
