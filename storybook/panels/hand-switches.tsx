import type { WireResult } from 'rxwire/react'

/** What a person can do about a connection. */
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
