import { useEffect, useState } from 'react'
import type { WireState } from 'rxwire'

/** How the connection is, with the seconds to the next attempt. */
export function ConnectionBadge({
  connection,
  attempt,
  retryAt,
}: Pick<WireState<unknown>, 'connection' | 'attempt' | 'retryAt'>) {
  const seconds = useSecondsUntil(retryAt)
  const detail = connection === 'waiting' ? ` · attempt ${attempt} in ${seconds.toFixed(1)} s` : ''
  return (
    <output className="badge" data-connection={connection} aria-label="Connection">
      {connection}
      {detail}
    </output>
  )
}

function useSecondsUntil(atMs: number | undefined): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    if (atMs === undefined) return
    setNowMs(Date.now())
    const timer = setInterval(() => setNowMs(Date.now()), 100)
    return () => clearInterval(timer)
  }, [atMs])
  return Math.max(0, (atMs ?? nowMs) - nowMs) / 1_000
}
