import { useRef } from 'react'
import { useFrames } from './use-frames.ts'

const SHOWN_MS = 12_000
const WIDTH = 600
const HEIGHT = 190
// The high-water mark lies at this part of the height, so that what goes past it would show.
const HIGH_AT = 0.8

interface Sample {
  readonly atMs: number
  readonly bytes: number
  readonly isHeld: boolean
}

/** The buffered bytes of a socket between its two marks, and when the producer waited. */
export function BufferGraph({
  look,
  highBytes,
  lowBytes,
}: {
  look: () => Omit<Sample, 'atMs'>
  highBytes: number
  lowBytes: number
}) {
  const nowMs = useFrames()
  const samples = useSamples(look, nowMs)
  const x = (atMs: number) => WIDTH - ((nowMs - atMs) / SHOWN_MS) * WIDTH
  const y = (bytes: number) => HEIGHT - Math.min(1, (bytes / highBytes) * HIGH_AT) * HEIGHT
  const curve = samples.map(({ atMs, bytes }) => `${x(atMs).toFixed(1)},${y(bytes).toFixed(1)}`)
  const startX = x(samples[0]?.atMs ?? nowMs).toFixed(1)

  return (
    <figure className="buffer">
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="bufferedAmount"
      >
        <polygon className="area" points={`${startX},${HEIGHT} ${curve.join(' ')} ${WIDTH},${HEIGHT}`} />
        <polyline className="curve" points={curve.join(' ')} />
        {[highBytes, lowBytes].map((bytes) => (
          <line key={bytes} className="mark" x1={0} x2={WIDTH} y1={y(bytes)} y2={y(bytes)} />
        ))}
        {heldSpans(samples).map(({ fromMs, toMs }) => (
          <rect
            key={fromMs}
            className="held"
            x={x(fromMs)}
            y={HEIGHT - 6}
            width={Math.max(0, x(toMs) - x(fromMs))}
            height={6}
          />
        ))}
      </svg>
      <figcaption>
        <span style={{ top: `${(1 - HIGH_AT) * 100}%` }}>high-water mark, {kibibytes(highBytes)}</span>
        <span style={{ top: `${(1 - (lowBytes / highBytes) * HIGH_AT) * 100}%` }}>
          low-water mark, {kibibytes(lowBytes)}
        </span>
      </figcaption>
    </figure>
  )
}

export function kibibytes(bytes: number): string {
  return `${Math.round(bytes / 1_024).toLocaleString('en')} KiB`
}

function useSamples(look: () => Omit<Sample, 'atMs'>, nowMs: number): readonly Sample[] {
  const samples = useRef<Sample[]>([])
  if (samples.current.at(-1)?.atMs !== nowMs) {
    samples.current = [...samples.current.filter(({ atMs }) => atMs > nowMs - SHOWN_MS), { atMs: nowMs, ...look() }]
  }
  return samples.current
}

function heldSpans(samples: readonly Sample[]): { fromMs: number; toMs: number }[] {
  const spans: { fromMs: number; toMs: number }[] = []
  let wasHeld = false
  for (const { atMs, isHeld } of samples) {
    const last = spans.at(-1)
    if (wasHeld && last !== undefined) last.toMs = atMs
    if (isHeld && !wasHeld) spans.push({ fromMs: atMs, toMs: atMs })
    wasHeld = isHeld
  }
  return spans
}
