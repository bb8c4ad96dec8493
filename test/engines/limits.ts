import { expect, inject } from 'vitest'
import type { EngineName } from './engine.ts'

// Limits of the engines that a library cannot work around, observed in Chromium 156, Firefox 153 and WebKitGTK 2.50.
const LIMITS = {
  'collect garbage on demand': {
    firefox: 'only the Chromium DevTools Protocol can do this',
    webkit: 'only the Chromium DevTools Protocol can do this',
  },
  'detect that a compressed body is truncated': {
    firefox: 'Firefox accepts a compressed body of known length as complete when its connection closes early',
  },
  'detect that a chunked body is truncated': {
    webkit: 'WebKitGTK accepts a chunked body as complete when its connection closes early',
  },
  'report a truncated character over XHR': {
    firefox: 'XHR in Firefox drops the bytes of a truncated character if text was read before',
  },
  'apply backpressure to a body': {
    firefox: 'Firefox reads a body into memory as fast as it arrives',
    webkit: 'WebKit reads a body into memory as fast as it arrives',
  },
  'count decompressed bytes': {
    firefox: 'XHR in Firefox counts the compressed bytes',
  },
  'count the unsent bytes of a socket': {
    webkit: 'bufferedAmount in WebKitGTK leaves out the bytes that the network has not accepted',
  },
  'report a subprotocol that was not requested': {
    firefox: 'Firefox opens the socket and reports no subprotocol',
  },
  'report each clean close as clean': {
    webkit: 'WebKitGTK reports a few closing handshakes with their code, but as not clean',
  },
  'report close codes that were added after RFC 6455': {
    webkit: 'WebKitGTK reports 1012, 1013 and 1014 as a broken frame (1006)',
  },
  'abort a socket while it connects': {
    firefox: 'Firefox keeps the connection of a socket that is closed before it opens',
  },
  'abort the request of an image': {
    webkit: 'WebKit loads an image to its end and opens only six connections to a host',
  },
  'fetch the same URL twice at the same time': {
    firefox: 'the cache of Firefox delays the second request until the first has finished',
  },
  'load the same script twice at the same time': {
    firefox: 'the cache of Firefox delays the second request until the first has finished',
    webkit: 'WebKit merges equal requests for a script',
  },
  'limit the size of beacons': {
    firefox: 'Firefox accepts beacons of any size',
  },
  'reconnect without being throttled': {
    firefox: 'Firefox delays each connection to a host that failed, longer each time',
  },
  'send non-ASCII bytes in a header unchanged': {
    webkit: 'WebKitGTK encodes it as UTF-8 a second time',
  },
  'keep an id without data': {
    firefox: 'EventSource in Firefox discards it',
  },
  'ignore an id with NUL': {
    firefox: 'EventSource in Firefox drops its event',
  },
  'decode a split byte order mark': {
    webkit: 'EventSource in WebKit decodes its parts as text',
  },
  'hide the referrer from a frame': {
    firefox: 'in Firefox a frame has the referrer of its parent page, whatever policy either of them sets',
  },
  'partition the cache by sandbox': {
    firefox: 'Firefox shares one cache between a page and all its frames',
    webkit: 'WebKit shares one cache between a page and all its frames',
  },
  'withhold cookies from a sandbox': {
    webkit: 'WebKit sends the cookies of the page with requests from a sandboxed frame to the same host',
  },
  'confine a WebAssembly module to its sandbox': {
    webkit: 'WebKit delivers a WebAssembly module to any page',
  },
  'send a stream': {
    firefox: 'fetch in Firefox cannot send one, and the library reports that',
    webkit: 'fetch in WebKit cannot send one and fails',
  },
  'show async calls in a stack': {
    firefox: 'Error.stackTraceLimit and the format of the stack belong to V8',
    webkit: 'Error.stackTraceLimit and the format of the stack belong to V8',
  },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<EngineName, string>>>>>

/** A capability that a test may need and that some engines lack. */
export type Ability = keyof typeof LIMITS

/**
 * Returns the suffix for the name of a test that needs an ability: empty if the current engine has it, otherwise the
 * reason to skip the test.
 *
 * @example
 * ```ts
 * const because = unable('collect garbage on demand')
 * it.skipIf(because !== '')(`frees the memory of a closed wire${because}`, test)
 * ```
 */
export function unable(ability: Ability): string {
  const limit: Readonly<Record<string, string>> = LIMITS[ability]
  const reason = limit[inject('engine')]
  return reason === undefined ? '' : ` (skipped: ${reason})`
}

/** What the current engine reports of a clean close: `true`, or anything if it is not reliable. */
export function reportedClean(): unknown {
  return unable('report each clean close as clean') === '' ? true : expect.any(Boolean)
}
