import { exponential, type ReconnectPolicy } from 'rxwire'

/** Back in no time: what is tested is what happens, not when. */
export const quick: ReconnectPolicy = { backoff: exponential({ floorMs: 1, baseMs: 5, capMs: 20, restartMs: 5 }) }
