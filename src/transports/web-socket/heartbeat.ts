import { callSync } from '../../callback.ts'
import { WireError } from '../../errors.ts'
import { createSendGate } from '../../outbox/send-gate.ts'
import { after, now } from '../../platform/clock.ts'
import { isFrame, type SocketFrame } from '../../socket-frame.ts'
import { requireFunction, requirePositive } from '../../validate.ts'
import type { RunningHeartbeat, SocketHeartbeat, WebSocketData } from './options.ts'

const EVERY_MS = 25_000
const TIMEOUT_MS = 10_000

/** How a half-open connection is detected. Browsers cannot send ping frames, and do not expose them. */
export interface HeartbeatOptions {
  /** Returns the message that the server responds to. */
  readonly ping: () => SocketFrame
  /**
   * The response to a ping, as received: its text, or a function that recognizes it. It becomes `progress` and is neither
   * decoded nor delivered. Default: none, all messages are delivered.
   */
  readonly pong?: string | ((data: WebSocketData) => boolean) | undefined
  /**
   * How often a ping is sent, in milliseconds. Default 25,000: most proxies close an idle connection after a minute.
   * After a sleep of the machine, one is sent at once.
   */
  readonly everyMs?: number | undefined
  /**
   * How long the server may be silent after a ping before the connection is replaced, in milliseconds. Default 10,000.
   * A send buffer that keeps draining counts as activity, too.
   */
  readonly timeoutMs?: number | undefined
}

/**
 * Returns a heartbeat: pings keep proxies from closing an idle connection, and find a connection that is dead.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromWebSocket, pingPong } from 'rxwire'
 *
 * fromWebSocket('/chat', { heartbeat: pingPong({ ping: () => 'ping', pong: 'pong' }) }).subscribe()
 * ```
 */
export function pingPong(options: HeartbeatOptions): SocketHeartbeat {
  const { ping, pong, everyMs = EVERY_MS, timeoutMs = TIMEOUT_MS } = options
  requireFunction('heartbeat: ping', ping ?? null)
  if (typeof pong !== 'string') requireFunction('heartbeat: pong', pong)
  requirePositive('heartbeat: everyMs', everyMs)
  requirePositive('heartbeat: timeoutMs', timeoutMs)
  return {
    pong,
    createGate: createSendGate,
    start: (target) =>
      new Heartbeat({
        everyMs,
        timeoutMs,
        ping: () => {
          try {
            target.send(callSync('heartbeat: ping', ping, 'text or binary data', isFrame))
          } catch (error) {
            target.fail(error)
          }
        },
        hasDrained: () => target.hasDrained(),
        onSilence: () => {
          const message = `${target.address()} did not respond to a ping within ${timeoutMs} ms: the connection is half-open.`
          target.lost(new WireError('timeout', message, { retryable: true }))
        },
      }),
  }
}

/** What a heartbeat does at its times. */
interface Beats {
  readonly everyMs: number
  readonly timeoutMs: number
  ping(): void
  hasDrained(): boolean
  onSilence(): void
}

/**
 * Sends pings, so that no proxy considers the connection idle, and checks for activity after each ping. It has two
 * timers. A message restarts neither of them: it only clears a field.
 */
export class Heartbeat implements RunningHeartbeat {
  readonly #target: Beats
  #cancelPing: () => void
  #cancelWatch: (() => void) | undefined
  /** When there must have been activity; `undefined` while none is expected. */
  #deadlineMs: number | undefined
  #hasRepeatedPing = false

  constructor(target: Beats) {
    this.#target = target
    this.#cancelPing = after(target.everyMs, () => this.#sendPing())
  }

  alive(): void {
    this.#deadlineMs = undefined
  }

  probe(): void {
    this.#deadlineMs = undefined
    this.#cancelPing()
    this.#sendPing()
  }

  stop(): void {
    this.#cancelPing()
    this.#cancelWatch?.()
  }

  #sendPing(): void {
    this.#cancelPing = after(this.#target.everyMs, () => this.#sendPing())
    if (this.#deadlineMs === undefined) {
      this.#hasRepeatedPing = false
      this.#expectActivity()
    }
    this.#target.ping()
  }

  #expectActivity(): void {
    // Bytes that drained earlier do not count.
    this.#target.hasDrained()
    this.#deadlineMs = now() + this.#target.timeoutMs
    if (this.#cancelWatch === undefined) this.#watch(this.#target.timeoutMs)
  }

  #watch(delayMs: number): void {
    this.#cancelWatch = after(delayMs, (lateMs) => {
      this.#cancelWatch = undefined
      this.#check(lateMs)
    })
  }

  /** @param sleptMs How late the timer is by the wall clock. */
  #check(sleptMs: number): void {
    if (this.#deadlineMs === undefined) return
    const { timeoutMs } = this.#target
    const lateMs = now() - this.#deadlineMs
    if (lateMs < 0) {
      this.#watch(-lateMs)
    } else if (this.#target.hasDrained()) {
      this.#expectActivity()
    } else if (Math.max(lateMs, sleptMs) > timeoutMs && !this.#hasRepeatedPing) {
      // A timer this late has slept. The response may be queued behind this call.
      this.#hasRepeatedPing = true
      this.#expectActivity()
      this.#target.ping()
    } else {
      this.#target.onSilence()
    }
  }
}
