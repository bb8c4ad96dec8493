import { connectionAfter, describeEvent, type SeenEvent, type Session, shortCause } from './session.ts'
import { gridMarks, useWidth } from './time-axis.ts'
import { useFrames } from './use-frames.ts'

// A second needs room for its messages, so a narrow picture shows fewer of them.
const MS_PER_PIXEL = 30
const SHOWN_MAX_MS = 30_000
const HEIGHT = 118
const BAR_Y = 66
const BAR_HEIGHT = 18
const MESSAGE_Y = 48
// Two rows of reasons, so that a short wait's does not lie on its neighbour's.
const REASON_ROWS_Y = [16, 31]
const CHARACTER_WIDTH = 6.8
const GRID_LABEL_WIDTH = 40

/** A timeline: a bar for the state of the connection, a dot for each message, and the reason of each wait. */
export function Timeline({ session }: { session: Session }) {
  const [ref, width] = useWidth(800)
  const nowMs = useFrames()
  const shownMs = Math.min(SHOWN_MAX_MS, width * MS_PER_PIXEL)
  const fromMs = Math.max(session.startedAtMs, nowMs - shownMs)
  const x = (atMs: number) => ((atMs - fromMs) / shownMs) * width
  const spans = connectionSpans(session.events, nowMs).filter(({ toMs }) => toMs > fromMs)
  const reasons = placeReasons(spans, (span) => Math.max(0, Math.min(x(span.fromMs), width - widthOf(span.why))))
  const shown = session.events.filter(({ atMs }) => atMs > fromMs)

  return (
    <>
      <p className="label">Timeline, the last {Math.round(shownMs / 1_000)} seconds</p>
      <svg
        ref={ref}
        className="timeline"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label="Timeline of the session"
      >
        <defs>
          <pattern
            id="waiting-stripes"
            width="8"
            height="8"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="8" height="8" fill="var(--busy)" opacity="0.25" />
            <rect width="4" height="8" fill="var(--busy)" />
          </pattern>
        </defs>
        {gridMarks(fromMs, nowMs, session.startedAtMs).map((atMs) => (
          <g key={atMs}>
            <line className="grid" x1={x(atMs)} x2={x(atMs)} y1={38} y2={HEIGHT - 20} />
            <text x={Math.min(x(atMs), width - GRID_LABEL_WIDTH)} y={HEIGHT - 6}>
              {Math.round((atMs - session.startedAtMs) / 1_000)} s
            </text>
          </g>
        ))}
        {spans.map(({ id, connection, fromMs: startMs, toMs }) => {
          const left = Math.max(0, x(startMs))
          return (
            <g key={id} data-connection={connection}>
              <rect
                className="bar"
                data-connection={connection}
                x={left}
                y={BAR_Y}
                width={Math.max(2, x(toMs) - left)}
                height={BAR_HEIGHT}
                rx={3}
              />
            </g>
          )
        })}
        {reasons.map(({ id, left, y, why }) => (
          <g key={id} data-connection="waiting">
            <text className="why" x={left} y={y}>
              {why}
            </text>
          </g>
        ))}
        {shown.map(({ id, atMs, event }) => {
          if (event.type === 'message') return <circle key={id} className="message" cx={x(atMs)} cy={MESSAGE_Y} r={3} />
          if (event.type === 'progress')
            return <circle key={id} className="sign" cx={x(atMs)} cy={MESSAGE_Y + 10} r={1.5} />
          return null
        })}
      </svg>
      <ul className="legend">
        <li data-connection="open">
          <i /> open
        </li>
        <li data-connection="waiting">
          <i /> connecting, waiting
        </li>
        <li data-connection="failed">
          <i /> failed
        </li>
        <li>
          <i data-shape="dot" /> message
        </li>
      </ul>
      <EventLog events={session.events} />
    </>
  )
}

function EventLog({ events }: { events: readonly SeenEvent[] }) {
  // The log is for what happens to the connection; the messages have their own panel.
  const told = events.filter(({ event }) => event.type !== 'message' && event.type !== 'progress').slice(-40)
  return (
    <ol className="log" aria-label="Events">
      {told.reverse().map((seen) => (
        <li key={seen.id} data-connection={connectionAfter(seen)}>
          <time>{new Date(seen.atMs).toISOString().slice(14, 22)}</time>
          <b>{seen.event.type}</b>
          <span title={describeEvent(seen)}>{describeEvent(seen)}</span>
        </li>
      ))}
    </ol>
  )
}

interface Span {
  readonly id: number
  readonly connection: NonNullable<ReturnType<typeof connectionAfter>>
  readonly fromMs: number
  toMs: number
  readonly why: string
}

function connectionSpans(events: readonly SeenEvent[], nowMs: number): Span[] {
  const spans: Span[] = []
  for (const seen of events) {
    const connection = connectionAfter(seen)
    if (connection === undefined) continue
    const previous = spans.at(-1)
    if (previous !== undefined) previous.toMs = seen.atMs
    spans.push({ id: seen.id, connection, fromMs: seen.atMs, toMs: nowMs, why: shortCause(seen.event) })
  }
  return spans
}

/** Puts each reason into the first row with room for it. Without room it is only in the log. */
function placeReasons(spans: readonly Span[], leftOf: (span: Span) => number) {
  const rowEnds = REASON_ROWS_Y.map(() => 0)
  return spans.flatMap((span) => {
    const left = leftOf(span)
    const row = rowEnds.findIndex((end) => end <= left)
    if (span.why === '' || row === -1) return []
    rowEnds[row] = left + widthOf(span.why)
    return [{ id: span.id, left, y: REASON_ROWS_Y[row], why: span.why }]
  })
}

function widthOf(label: string): number {
  return (label.length + 1) * CHARACTER_WIDTH
}
