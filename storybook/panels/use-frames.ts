import { useEffect, useState } from 'react'

/** The time of each frame: the picture moves. */
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
