import { gridMarks, useWidth } from '../../panels/time-axis.ts'
import { useFrames } from '../../panels/use-frames.ts'
import type { FaultMark } from './fault-board.ts'
import type { Side } from './side.ts'

const MS_PER_PIXEL = 36
const LANE_HEIGHT = 38
const LANES_Y = 20
const BAR_HEIGHT = 12
const LABEL_WIDTH = 100
// The names of the columns stand here.
const GUTTER = 48

/** The timeline of both columns, one below the other, under the faults that both had. It fills from the left. */
export function Lanes({
  startedAtMs,
  lanes,
  marks,
}: {
  startedAtMs: number
  lanes: readonly { readonly name: string; readonly side: Side }[]
  marks: readonly FaultMark[]
}) {
  const [ref, width] = useWidth(900)
  const nowMs = useFrames()
  const shownMs = (width - GUTTER) * MS_PER_PIXEL
  const fromMs = Math.max(startedAtMs, nowMs - shownMs)
  const x = (atMs: number) => GUTTER + Math.max(0, (atMs - fromMs) / MS_PER_PIXEL)
  const height = LANES_Y + lanes.length * LANE_HEIGHT + 16
  return (
    <svg ref={ref} className="timeline lanes" height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {gridMarks(fromMs, Math.min(nowMs, fromMs + shownMs), startedAtMs).map((atMs) => (
        <g key={atMs}>
          <line className="grid" x1={x(atMs)} x2={x(atMs)} y1={LANES_Y} y2={height - 16} />
          <text x={x(atMs) + 3} y={height - 4}>
            {Math.round((atMs - startedAtMs) / 1_000)} s
          </text>
        </g>
      ))}
      {marks
        .filter(({ toMs = nowMs }) => toMs >= fromMs)
        .map(({ label, fromMs: startMs, toMs = nowMs }) => (
          <g key={`${label}${startMs}`}>
            <rect
              className="fault"
              x={x(startMs)}
              width={Math.max(2, x(toMs) - x(startMs))}
              y={0}
              height={height - 16}
            />
            <text className="why" x={Math.min(x(startMs), width - LABEL_WIDTH) + 4} y={12}>
              {label}
            </text>
          </g>
        ))}
      {lanes.map(({ name, side }, index) => (
        <g key={name} transform={`translate(0 ${LANES_Y + index * LANE_HEIGHT})`}>
          <text x={6} y={28}>
            {name}
          </text>
          {side.spans
            .filter(({ toMs = nowMs }) => toMs > fromMs)
            .map(({ connection, fromMs: startMs, toMs = nowMs }) => (
              <g key={startMs + connection} data-connection={connection}>
                <rect
                  className="bar"
                  data-connection={connection}
                  x={x(startMs)}
                  y={18}
                  width={Math.max(1, x(toMs) - x(startMs))}
                  height={BAR_HEIGHT}
                />
              </g>
            ))}
          {side.dots
            .filter((atMs) => atMs > fromMs)
            .map((atMs) => (
              <circle key={atMs} className="message" cx={x(atMs)} cy={11} r={2} />
            ))}
        </g>
      ))}
    </svg>
  )
}
