import { useEffect, useState } from 'react'
import type { WireState } from 'rxwire'

/** The state of a connection, with the seconds to the next attempt. */
export function ConnectionBadge({
  connection,
  attempt,
  retryAt,
  parked,
  label = connection,
}: Pick<WireState<unknown>, 'connection' | 'attempt' | 'retryAt'> & {
  readonly parked?: WireState<unknown>['parked']
  /** What to show instead of the name of the state. */
  readonly label?: string
}) {
  const seconds = useSecondsUntil(retryAt)
  const isTimed = connection === 'waiting' && parked === undefined
  return (
    <span className="badge" data-connection={connection}>
      {/* Only the state is announced: the seconds change ten times a second. */}
      <output aria-label="Connection">{parked === undefined ? label : `${label} · ${parked}`}</output>
      {isTimed && (
        <span>
          · attempt {attempt} in {seconds.toFixed(1)} s
        </span>
      )}
    </span>
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
