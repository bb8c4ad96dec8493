/** What the pages of `tabs.ts` have as the global `rxwire`. */
export * from 'rxwire'
export * from 'rxwire/tabs'
