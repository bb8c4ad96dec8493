import type { Doorbell, Ring } from './doorbell.ts'
import type { RedisLink, RedisSubscriptions } from './redis-client.ts'
import { after } from './timer.ts'

/** How long a subscription without readers is kept: a reader that has read a page usually returns at once. */
const LINGER_MS = 1_000

interface DoorbellOptions {
  readonly pollMs: number
  readonly channelOf: (name: string) => string
  readonly offsetOf: (name: string) => Promise<string | undefined>
}

interface Subscription {
  readonly name: string
  readonly ready: Promise<void>
  waiting: number
  /** The tail when it was checked last. */
  offset: string | undefined
  keep: () => void
}

/**
 * Rings when another process has appended. Redis sends a message for each append, and because a message can be lost, the
 * tails of logs with readers are also checked from time to time.
 */
export class RedisDoorbell {
  readonly #link: RedisLink
  readonly #bell: Doorbell
  readonly #options: DoorbellOptions
  readonly #subscriptions = new Map<string, Subscription>()
  #connection: RedisSubscriptions | undefined
  #stopPolling: (() => void) | undefined

  constructor(link: RedisLink, bell: Doorbell, options: DoorbellOptions) {
    this.#link = link
    this.#bell = bell
    this.#options = options
  }

  /** The number of subscribed channels. */
  get size(): number {
    return this.#subscriptions.size
  }

  /** Resolves with a wait when no later append is missed. The wait must be stopped. */
  async wait(name: string, signal: AbortSignal): Promise<Ring> {
    const subscription = this.#subscribe(name)
    subscription.waiting += 1
    subscription.keep()
    const { rung, stop } = this.#bell.wait(name, signal)
    let hasStopped = false
    const stopOnce = () => {
      stop()
      if (!hasStopped) this.#leave(subscription)
      hasStopped = true
    }
    // If Redis cannot be reached, the check of the tail rings later.
    await Promise.race([subscription.ready, rung])
    return { rung, stop: stopOnce }
  }

  close(): void {
    this.#stopPolling?.()
    for (const { keep } of this.#subscriptions.values()) keep()
    this.#subscriptions.clear()
    this.#connection?.close()
    this.#connection = undefined
  }

  #subscribe(name: string): Subscription {
    const channel = this.#options.channelOf(name)
    const existing = this.#subscriptions.get(channel)
    if (existing !== undefined) return existing
    this.#connection ??= this.#link.listen((from) => {
      const subscribed = this.#subscriptions.get(from)
      if (subscribed !== undefined) this.#bell.ring(subscribed.name)
    })
    const ready = this.#connection.subscribe(channel).catch(() => {})
    const subscription: Subscription = { name, ready, waiting: 0, offset: undefined, keep: () => {} }
    this.#subscriptions.set(channel, subscription)
    this.#pollLater()
    return subscription
  }

  #leave(subscription: Subscription): void {
    subscription.waiting -= 1
    if (subscription.waiting > 0) return
    subscription.keep()
    subscription.keep = after(LINGER_MS, () => {
      const channel = this.#options.channelOf(subscription.name)
      if (this.#subscriptions.get(channel) !== subscription) return
      this.#subscriptions.delete(channel)
      this.#connection?.unsubscribe(channel)
      if (this.#subscriptions.size === 0) this.#stopPolling?.()
    })
  }

  #pollLater(): void {
    if (this.#stopPolling !== undefined) return
    const cancel = after(this.#options.pollMs, () => {
      this.#stopPolling = undefined
      void this.#poll().finally(() => {
        if (this.#subscriptions.size > 0) this.#pollLater()
      })
    })
    this.#stopPolling = () => {
      cancel()
      this.#stopPolling = undefined
    }
  }

  async #poll(): Promise<void> {
    for (const subscription of [...this.#subscriptions.values()]) {
      try {
        const offset = await this.#options.offsetOf(subscription.name)
        if (offset !== subscription.offset) this.#bell.ring(subscription.name)
        subscription.offset = offset
      } catch {
        // Readers find out by themselves that Redis cannot be reached.
        return
      }
    }
  }
}
