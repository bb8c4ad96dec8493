import { type ReactNode, useState } from 'react'
import type { Lab } from './lab.ts'

/** What can go wrong on a network, as buttons, and beside them what a person can do about it. */
export function FaultSwitches({ lab, children }: { lab: Lab; children?: ReactNode }) {
  const [isStalled, setStalled] = useState(false)
  const [isOffline, setOffline] = useState(false)
  return (
    <>
      <p className="label">Make it go wrong</p>
      <div className="switches">
        <button type="button" onClick={() => lab.cut()}>
          Cut the connection
        </button>
        <button
          type="button"
          aria-pressed={isStalled}
          onClick={() => lab.stall(!isStalled).then(() => setStalled(!isStalled))}
        >
          {isStalled ? 'End the stall' : 'Stall it'}
        </button>
        <button type="button" onClick={() => lab.unavailable(4_000, 1)}>
          Server down 4 s
        </button>
        <button type="button" onClick={() => lab.expireToken()}>
          Expire the token
        </button>
        <button
          type="button"
          aria-pressed={isOffline}
          onClick={() => lab.offline(!isOffline).then(() => setOffline(!isOffline))}
        >
          {isOffline ? 'Go online' : 'Go offline'}
        </button>
        <span className="by-hand">{children}</span>
      </div>
    </>
  )
}
