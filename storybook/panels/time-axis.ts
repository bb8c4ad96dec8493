import { useEffect, useRef, useState } from 'react'

const MARK_EVERY_MS = 5_000

/** Returns the times of the grid lines between two times, counted from the start of the session. */
export function gridMarks(fromMs: number, toMs: number, originMs: number): number[] {
  const first = originMs + Math.ceil((fromMs - originMs) / MARK_EVERY_MS) * MARK_EVERY_MS
  const count = Math.max(0, Math.ceil((toMs - first) / MARK_EVERY_MS))
  return Array.from({ length: count }, (_, index) => first + index * MARK_EVERY_MS)
}

/** Measures the width of an SVG. Until it is measured, the width is `initial`. */
export function useWidth(initial: number) {
  const ref = useRef<SVGSVGElement>(null)
  const [width, setWidth] = useState(initial)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(1, entry?.contentRect.width ?? initial)))
    if (ref.current !== null) observer.observe(ref.current)
    return () => observer.disconnect()
  }, [initial])
  return [ref, width] as const
}
