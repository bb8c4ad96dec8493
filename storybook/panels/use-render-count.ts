import { useEffect, useRef } from 'react'

/** How often a component has been rendered, this time included. */
export function useRenderCount(onRender: () => void): number {
  const past = useRef(0)
  useEffect(() => {
    past.current += 1
    onRender()
  })
  return past.current + 1
}
