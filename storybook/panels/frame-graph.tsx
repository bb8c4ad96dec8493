import { useEffect, useRef } from 'react'
import type { Frame, Meter } from './meter.ts'

const SHOWN = 240
const HEIGHT = 96
// What a screen of 60 Hz has for one frame. Two and a half of it are seen by everybody.
const SMOOTH_MS = 1_000 / 60
const FULL_MS = 150

/** A bar for the duration of each frame. Drawn without React, whose work is measured. */
export function FrameGraph({ meter }: { meter: Meter }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let frame = requestAnimationFrame(function next(atMs) {
      meter.frame(atMs)
      if (canvas.current !== null) draw(canvas.current, meter.frames)
      frame = requestAnimationFrame(next)
    })
    return () => cancelAnimationFrame(frame)
  }, [meter])
  return <canvas ref={canvas} className="frame-graph" role="img" aria-label="How long each frame took" />
}

function draw(canvas: HTMLCanvasElement, frames: readonly Frame[]): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const { clientWidth } = canvas
  canvas.width = clientWidth * devicePixelRatio
  canvas.height = HEIGHT * devicePixelRatio
  context.scale(devicePixelRatio, devicePixelRatio)
  // A canvas knows no variables of CSS: its own style has the two colours, resolved.
  const { color, borderTopColor } = getComputedStyle(canvas)
  const barWidth = clientWidth / SHOWN
  frames.forEach(({ tookMs }, index) => {
    const height = Math.max(2, Math.min(1, tookMs / FULL_MS) * HEIGHT)
    context.fillStyle = tookMs > 2.5 * SMOOTH_MS ? borderTopColor : color
    context.fillRect(clientWidth - (frames.length - index) * barWidth, HEIGHT - height, barWidth - 1, height)
  })
}
