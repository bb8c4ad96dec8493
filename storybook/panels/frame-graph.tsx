import { useEffect, useRef } from 'react'

const SHOWN = 240
const HEIGHT = 96
// What a screen of 60 Hz has for one frame, and what it looks like when two are missed.
const SMOOTH_MS = 1_000 / 60
const FULL_MS = 150

/** Counts what a page does: its frames by itself, and the commits that it is told of. */
export class Meter {
  readonly frames: { readonly atMs: number; readonly tookMs: number }[] = []
  readonly #commits: number[] = []

  frame(atMs: number): void {
    const before = this.frames.at(-1)
    this.frames.push({ atMs, tookMs: before === undefined ? 0 : atMs - before.atMs })
    if (this.frames.length > SHOWN) this.frames.shift()
  }

  commit(): void {
    this.#commits.push(performance.now())
  }

  /** How often a second, by the last two. */
  commitsPerSecond(): number {
    const sinceMs = performance.now() - 2_000
    while ((this.#commits[0] ?? sinceMs) < sinceMs) this.#commits.shift()
    return Math.round(this.#commits.length / 2)
  }

  longestFrameMs(): number {
    return Math.round(Math.max(0, ...this.frames.map(({ tookMs }) => tookMs)))
  }
}

/** How long each frame took: a bar for each, drawn without React, which is what is being looked at. */
export function FrameGraph({ meter }: { meter: Meter }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let frame = requestAnimationFrame(function next(atMs) {
      meter.frame(atMs)
      if (canvas.current !== null) draw(canvas.current, meter)
      frame = requestAnimationFrame(next)
    })
    return () => cancelAnimationFrame(frame)
  }, [meter])
  return <canvas ref={canvas} className="frame-graph" role="img" aria-label="How long each frame took" />
}

function draw(canvas: HTMLCanvasElement, { frames }: Meter): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const { clientWidth } = canvas
  const scale = devicePixelRatio
  canvas.width = clientWidth * scale
  canvas.height = HEIGHT * scale
  context.scale(scale, scale)
  // A canvas knows no variables of CSS: its own style has the two colours, resolved.
  const { color, borderTopColor } = getComputedStyle(canvas)
  const barWidth = clientWidth / SHOWN
  frames.forEach(({ tookMs }, index) => {
    const height = Math.max(2, Math.min(1, tookMs / FULL_MS) * HEIGHT)
    context.fillStyle = tookMs > 2.5 * SMOOTH_MS ? borderTopColor : color
    context.fillRect(clientWidth - (frames.length - index) * barWidth, HEIGHT - height, barWidth - 1, height)
  })
}
