import type { WireResult } from 'rxwire/react'

/** The controls of a connection. */
export function HandSwitches({ reconnect, stop }: Pick<WireResult<unknown>, 'reconnect' | 'stop'>) {
  return (
    <>
      <button type="button" className="primary" onClick={reconnect}>
        Reconnect now
      </button>
      <button type="button" onClick={stop}>
        Stop
      </button>
    </>
  )
}
