import { hint, isHintActive } from '../../platform/hints.ts'

// All transports, stores and hooks: the hooks pass their options to a transport, and shared defaults are spread into any.
const GROUPS = [
  ['WebSocket', 'XMLHttpRequest', 'attach', 'baseUrl', 'binaryType', 'body', 'burst', 'cache', 'callbackName'],
  ['callbackParam', 'chunkBytes', 'closeCodes', 'concurrency', 'connectTimeoutMs', 'contentType', 'createDecoder'],
  ['credentialOrigins', 'credentials', 'decode', 'dehydrated', 'enabled', 'encode', 'endMarker', 'endsOnResponse'],
  ['endsWhen', 'engine', 'etag', 'events', 'everyMs', 'failsWhen'],
  ['fetch', 'fingerprint', 'fold', 'gcMs', 'headers'],
  ['isControl', 'isGap'],
  ['heartbeat', 'highWaterBytes', 'holdTimeoutMs', 'id', 'idOf', 'idempotencyKey', 'initial', 'integrity', 'isEqual'],
  ['isReady', 'isolate', 'json', 'keep', 'keepPrevious', 'keepalive', 'key', 'lastEventIdQuery', 'lingerMs', 'live'],
  ['lowWaterBytes', 'maxBytes', 'maxEventLength', 'messages', 'method', 'mode', 'nonce', 'onBadMessage', 'onGone'],
  ['onClose', 'onError', 'onMessage', 'onOpen'],
  ['outbox', 'outgoing', 'overrideMimeType', 'password', 'pauseWhenHidden', 'persist', 'priority', 'protocol'],
  ['protocols', 'publishEveryMs'],
  ['query', 'readCursor', 'reconnect', 'redirect', 'referrer', 'referrerPolicy', 'refetchOnFocus', 'rememberForMs'],
  ['responseType', 'restartOn', 'resume', 'resumeFrom', 'retry', 'select', 'sendCursor', 'sendOnOpen', 'staleMs'],
  ['stallTimeoutMs', 'storage', 'tabs', 'textOf', 'throwOnError', 'timeoutMs', 'user', 'withCredentials'],
] as const

/** The name of an option that some transport, store or hook has. */
export type OptionName = (typeof GROUPS)[number][number]

const names: readonly OptionName[] = GROUPS.flat()
const known: ReadonlySet<string> = new Set(names)

/** In development, gives a hint for an option that no transport and no hook has. TypeScript misses one in a variable. */
export function hintUnknownOptions(options: object): void {
  if (!isHintActive('option')) return
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) hintUnknownOption(unknown)
}

function hintUnknownOption(name: string): void {
  const nearest = nearestName(name)
  const advice = nearest === undefined ? '' : ` Did you mean '${nearest}'?`
  hint('option', `There is no option '${name}', so it has no effect.${advice}`)
}

/** Returns the option that differs in the fewest letters, if these are at most half of the name. */
function nearestName(name: string): OptionName | undefined {
  const distances = names.map((option) => editDistance(name.toLowerCase(), option.toLowerCase()))
  const least = Math.min(...distances)
  return least <= Math.max(2, name.length / 2) ? names[distances.indexOf(least)] : undefined
}

/** How many letters must be inserted, removed or replaced (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j += 1) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
