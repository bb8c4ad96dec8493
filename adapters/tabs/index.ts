/**
 * One connection for all tabs of an origin.
 *
 * @module rxwire/tabs
 */

export { type AcrossTabsOptions, acrossTabs, type TabsOptions } from './across-tabs.ts'
export type { OpenWire } from './connection.ts'
export { type TabSharing, tabs } from './tabs.ts'
