import { type Outbox, type ReconnectingOptions, reconnecting, type Wire } from 'rxwire'
import type { OpenWire } from './connection.ts'
import { Member } from './member.ts'
import { browserTab, type TabPlatform } from './platform.ts'
import { protocolOf } from './protocol.ts'

/** Options of {@link acrossTabs} and {@link tabs}. */
export interface TabsOptions {
  /**
   * How many messages each tab keeps for tabs that are behind, such as new ones. Default 256, and at most 1 MiB. A tab that
   * needs older ones opens its own connection until it has caught up.
   */
  readonly history?: number | undefined
  /**
   * Which tab should have the connection. `'visible'` (the default): a hidden tab hands over to a visible one, because
   * browsers slow hidden pages down. `'any'`: the first one keeps it.
   */
  readonly prefer?: 'visible' | 'any' | undefined
  /**
   * The version of the page's code. Tabs of different versions do not share a connection. Change it when `decode` or the
   * type of the messages changes. Default: an empty text.
   */
  readonly version?: string | undefined
}

/** Options of {@link acrossTabs}. */
export interface AcrossTabsOptions<T, C = never> extends TabsOptions {
  /**
   * Identifies the connection in all tabs of the origin. It must contain the user and the tenant: tabs with the same key
   * receive the same messages.
   */
  readonly key: string
  /** Where to resume if the subscriber does not know better. Default: from the start. */
  readonly resumeFrom?: string | undefined
  /**
   * The outbox of the wire that `open` returns. While another tab has the connection, its messages are sent by that tab.
   * Without acknowledgements, a message whose connection changes tabs meanwhile rejects: it may have been sent. Default: none.
   */
  readonly outgoing?: Outbox<C, T> | undefined
}

const MESSAGES = 256
const BYTES = 1_048_576

/**
 * Shares one connection among all tabs of an origin. One tab has the connection and posts its messages to the others.
 * When it is closed, crashes or is frozen, another one resumes after its own last message. Every tab receives each
 * message with an id once, in order, or an `open` event with `continuity: 'gap'`.
 *
 * Without Web Locks, BroadcastChannel or a secure context, each tab has its own connection.
 *
 * Messages must be plain data that can be cloned. An error of kind `auth` lets another tab try; the wire fails when all
 * tabs were refused. Any other end is the end in all tabs.
 *
 * @param open Returns the wire of one tab. It receives the resume point.
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { fromEventSource, messages } from 'rxwire'
 * import { acrossTabs } from 'rxwire/tabs'
 *
 * const user = 'tenant-1/ada'
 * acrossTabs((start) => fromEventSource('/ticks', start), { key: `ticks:${user}` })
 *   .pipe(messages())
 *   .subscribe((tick) => console.info(tick))
 * ```
 */
export function acrossTabs<T, C = never>(open: OpenWire<T>, options: AcrossTabsOptions<T, C>): Wire<T> {
  if (typeof open !== 'function') throw new TypeError('open must be a function')
  if (!options.key) throw new TypeError('key must be text')
  requireTabsOptions(options)
  return acrossTabsOf(browserTab, open, options)
}

/** The same, for any tab. */
export function acrossTabsOf<T, C>(tab: TabPlatform, open: OpenWire<T>, options: AcrossTabsOptions<T, C>): Wire<T> {
  const { key, version = '', prefer = 'visible', history = MESSAGES, resumeFrom } = options
  const protocol = protocolOf(version)
  const rules = {
    // Deployments of different versions have a leader each.
    name: `rxwire/tabs/${JSON.stringify([protocol, key])}`,
    protocol,
    prefersVisible: prefer === 'visible',
    history: { messages: history, bytes: BYTES },
    outgoing: options.outgoing as Outbox<unknown, T> | undefined,
  }
  return reconnecting<T>((attempt) => new Member(attempt, open, tab, rules).start(), { ...POLICY, resumeFrom })
}

// The wires of the tabs reconnect. This engine only leaves when the page is frozen or stored, and comes back.
const POLICY: ReconnectingOptions = { shouldRetry: () => false, isAboutCredentials: () => false }

/** @throws TypeError if an option is invalid. */
export function requireTabsOptions({ history, prefer }: TabsOptions): void {
  if (history !== undefined && !(history >= 0)) throw new TypeError('history must be >= 0')
  if (prefer !== undefined && prefer !== 'visible' && prefer !== 'any') {
    throw new TypeError("prefer must be 'visible' or 'any'")
  }
}
