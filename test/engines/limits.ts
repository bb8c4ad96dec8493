import { inject } from 'vitest'
import type { EngineName } from './engine.ts'

// What an engine cannot do, and no library for it. Seen in Chromium 156, Firefox 153 and WebKitGTK 2.50.
const LIMITS = {
  'collect garbage when told to': {
    firefox: 'only the debugging protocol of Chromium does that',
    webkit: 'only the debugging protocol of Chromium does that',
  },
  'find a compressed body too short': {
    firefox: 'Firefox takes a compressed body of known length for whole wherever it ends',
  },
  'keep a referrer from a page in a page': {
    firefox: 'in Firefox a page in a frame has the referrer of the page around it, whatever both say',
  },
  'keep a cache for each sandbox': {
    firefox: 'Firefox has one cache for a page and all frames in it',
    webkit: 'WebKit has one cache for a page and all frames in it',
  },
  'keep cookies from a sandbox': {
    webkit: 'WebKit sends the cookies of the host of the page with what a sandboxed frame asks it for',
  },
  'keep a module in its sandbox': {
    webkit: 'WebKit lets a WebAssembly module into any page',
  },
  'send a stream': {
    firefox: 'its fetch cannot, and the library says so',
    webkit: 'its fetch cannot, and the library says so',
  },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<EngineName, string>>>>>

/** What a test may need that not every engine can do. */
export type Ability = keyof typeof LIMITS

/**
 * What to put behind the name of a test that needs an ability: nothing, or why it is not asked in this engine, which is
 * why it is skipped there.
 *
 * @example
 * ```ts
 * const because = unable('collect garbage when told to')
 * it.skipIf(because !== '')(`leaves nothing behind${because}`, test)
 * ```
 */
export function unable(ability: Ability): string {
  const limit: Readonly<Record<string, string>> = LIMITS[ability]
  const reason = limit[inject('engine')]
  return reason === undefined ? '' : ` (not asked: ${reason})`
}
