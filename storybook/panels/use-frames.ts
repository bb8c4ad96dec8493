import { useEffect, useState } from 'react'

/** The time of the present frame. Renders in each frame. */
export function useFrames(): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    let frame = requestAnimationFrame(function next() {
      setNowMs(Date.now())
      frame = requestAnimationFrame(next)
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  return nowMs
}
