import { useEffect, useState } from 'react'
import type { WireState } from 'rxwire'

/** How the connection is, with the seconds to the next attempt. */
export function ConnectionBadge({
  connection,
  attempt,
  retryAt,
  parked,
}: Pick<WireState<unknown>, 'connection' | 'attempt' | 'retryAt'> & {
  readonly parked?: WireState<unknown>['parked']
}) {
  const seconds = useSecondsUntil(retryAt)
  const next = parked ?? `attempt ${attempt} in ${seconds.toFixed(1)} s`
  const detail = connection === 'waiting' ? ` · ${next}` : ''
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
