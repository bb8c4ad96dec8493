import { inject } from 'vitest'
import type { EngineName } from './engine.ts'

// What an engine cannot do, and no library for it. Seen in Chromium 156, Firefox 153 and WebKitGTK 2.50.
const LIMITS = {
  'collect garbage when told to': {
    firefox: 'only the debugging protocol of Chromium does that',
    webkit: 'only the debugging protocol of Chromium does that',
  },
  'tell the end of a compressed body from that of its connection': {
    firefox: 'Firefox takes a compressed body of known length for whole wherever its connection is closed',
  },
  'tell the end of a chunked body from that of its connection': {
    webkit: 'WebKitGTK takes a chunked body for whole wherever its connection is closed',
  },
  'show over XHR that a character was cut short': {
    firefox: 'the XHR of Firefox drops what came of it, if anything was read before',
  },
  'hold a body back': {
    firefox: 'Firefox reads a body into its memory as fast as it comes',
    webkit: 'WebKit reads a body into its memory as fast as it comes',
  },
  'count bytes as they are unpacked': {
    firefox: 'the XHR of Firefox counts the bytes that travelled',
  },
  'count what a socket has not sent': {
    webkit: 'the bufferedAmount of WebKitGTK does not know what the network has not taken',
  },
  'see a subprotocol that nobody asked for': {
    firefox: 'Firefox opens the socket, and names none',
  },
  'hear close codes that came after RFC 6455': {
    webkit: 'WebKitGTK calls 1012, 1013 and 1014 a broken frame (1006)',
  },
  'let go of a socket as it connects': {
    firefox: 'Firefox keeps the connection of a socket that is closed before it has opened',
  },
  'let go of a picture': {
    webkit: 'WebKit loads a picture to its end, and has six connections to a host',
  },
  'fetch the same twice at once': {
    firefox: 'the cache of Firefox lets the second request wait for the first',
  },
  'load a script twice at once': {
    firefox: 'the cache of Firefox lets the second request wait for the first',
    webkit: 'WebKit answers equal requests for a script together',
  },
  'limit what beacons carry': {
    firefox: 'Firefox takes beacons of any size',
  },
  'fail as often as it is told to': {
    firefox: 'Firefox holds back a host that failed, longer each time',
  },
  'send what is not ASCII in a header as it is given': {
    webkit: 'WebKitGTK makes UTF-8 of it once more',
  },
  'keep an id without data': {
    firefox: 'the EventSource of Firefox forgets it',
  },
  'pass over an id with NUL': {
    firefox: 'the EventSource of Firefox drops its event',
  },
  'put a byte order mark together': {
    webkit: 'the EventSource of WebKit takes its pieces for text',
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
    webkit: 'its fetch cannot, and fails',
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
