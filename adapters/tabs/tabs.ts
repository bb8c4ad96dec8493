import type { Outbox } from 'rxwire'
import { acrossTabs, requireTabsOptions, type TabsOptions } from './across-tabs.ts'
import type { OpenWire } from './connection.ts'

/** The value of the option `tabs` of a hook. */
export interface TabSharing {
  /** Returns a source that shares the connection of `open` with the tabs that have the same key. */
  share<T, C = never>(open: OpenWire<T>, key: string, outgoing?: Outbox<C, T>): OpenWire<T>
}

/**
 * Lets a hook share its connection with other tabs, see {@link acrossTabs}. The `key` of the hook identifies the connection
 * in all tabs of the origin: it must contain the user and the tenant.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```tsx
 * import { useEventSource } from 'rxwire/react'
 * import { tabs } from 'rxwire/tabs'
 *
 * const sharing = tabs()
 *
 * export function Ticks({ user }: { user: string }) {
 *   const { data = '' } = useEventSource('/ticks', { key: `ticks:${user}`, tabs: sharing })
 *   return <output>{data}</output>
 * }
 * ```
 */
export function tabs(options: TabsOptions = {}): TabSharing {
  requireTabsOptions(options)
  return {
    share:
      (open, key, outgoing) =>
      ({ resumeFrom }) =>
        acrossTabs(open, { ...options, key, resumeFrom, outgoing }),
  }
}
