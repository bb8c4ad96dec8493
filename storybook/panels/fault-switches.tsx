import { type ReactNode, useState } from 'react'
import type { Lab } from './lab.ts'

/** Buttons for the faults of a network, and next to them the controls of the connection. */
export function FaultSwitches({ lab, children }: { lab: Lab; children?: ReactNode }) {
  const [isStalled, setStalled] = useState(false)
  const [isOffline, setOffline] = useState(false)
  return (
    <>
      <p className="label">Break it</p>
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
