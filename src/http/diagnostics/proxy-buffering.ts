import { now } from '../../platform/clock.ts'
import { hint, isHintActive } from '../../platform/hints.ts'
import { type ResolvedRequest, shownUrl } from '../request.ts'

const SILENCE_MS = 1_000
// Two events, or two rows and what they are cut from. One long line that comes slowly is a slow server.
const MIN_LINES = 4

/** What came between two silences. */
interface Lump {
  bytes: number
  lines: number
  endsWithinLine: boolean
}

/** Takes a piece of a body, with the number of bytes that have come in all. */
type OnPiece<Piece> = (piece: Piece, loaded: number) => void | Promise<void>

/**
 * Looks for the marks of a proxy that gathers a stream in a buffer and hands it on when that is full (nginx:
 * `proxy_buffering`): after a silence there come several lines at once, they end in the midst of one, whose rest comes
 * only after another silence, and the next time it is as many bytes again, for a buffer has one size. A server that is
 * merely bursty ends its bursts where its lines end, and a bad network cuts them anywhere. In development a stream with
 * all these marks has a hint.
 *
 * @param onPiece Takes what comes. Its time is ours: only a server can be silent.
 */
export function watchBuffering<Piece>(request: ResolvedRequest, onPiece: OnPiece<Piece>): OnPiece<Piece> {
  if (!isHintActive('buffering')) return onPiece
  let before: Lump | undefined
  let current: Lump = { bytes: 0, lines: 0, endsWithinLine: false }
  let lastLoaded = 0
  let lastMs = now()
  const note = (text: string, loaded: number) => {
    if (now() - lastMs >= SILENCE_MS) {
      if (isBufferful(current) && before?.bytes === current.bytes) hintBuffering(request, current)
      before = isBufferful(current) ? current : undefined
      current = { bytes: 0, lines: 0, endsWithinLine: false }
    }
    current.bytes += loaded - lastLoaded
    current.lines += linesIn(text)
    current.endsWithinLine = !/[\r\n]$/.test(text)
    lastLoaded = loaded
  }
  const listen = () => {
    lastMs = now()
  }
  return (piece, loaded) => {
    if (typeof piece === 'string') note(piece, loaded)
    const taken = onPiece(piece, loaded)
    if (taken === undefined) listen()
    return taken?.then(listen)
  }
}

function isBufferful({ lines, endsWithinLine }: Lump): boolean {
  return endsWithinLine && lines >= MIN_LINES
}

function linesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && count < MIN_LINES; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

function hintBuffering(request: ResolvedRequest, { bytes }: Lump): void {
  hint(
    'buffering',
    `${request.method} ${shownUrl(request)} seems to be buffered by a proxy: it comes in lumps of ${bytes} bytes, cut in ` +
      'the midst of a line, with silence between them. Let the server answer with `X-Accel-Buffering: no`, or turn the ' +
      'buffering of this route off (nginx: `proxy_buffering off`).',
  )
}
