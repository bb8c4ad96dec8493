import { exponential, type ReconnectPolicy } from 'rxwire'

/** Reconnects within milliseconds. For tests of what happens, not of when it happens. */
export const quick: ReconnectPolicy = { backoff: exponential({ floorMs: 1, baseMs: 5, capMs: 20, restartMs: 5 }) }
