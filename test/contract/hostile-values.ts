import { isWireError, type Wire } from 'rxwire'
import { type FakeNetwork, recordWire, type WireRecord } from 'rxwire/testing'

/** Stands where a secret may stand. No message of the library may contain it. */
export const SECRET = 's3cr3t'

/** Texts that a header, an id or a stored entry may contain. */
export const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['an empty text', ''],
  ['an unquoted text', 'abc'],
  ['a weak tag', 'W/"abc"'],
  ['a tag with a small w', 'w/"abc"'],
  ['half a tag', '"abc'],
  ['20 kB', `"${'x'.repeat(20_000)}"`],
  ['a negative number', '-1'],
  ['NaN', 'NaN'],
  ['1e309', '1e309'],
  ['400 digits', '9'.repeat(400)],
  ['a control character', '"a\u0001b"'],
  ['non-ASCII', '"\u00fc"'],
  ['another origin', `https://away.test/x?token=${SECRET}`],
  ['a password', `https://user:${SECRET}@away.test/x`],
  ['a javascript: URL', `javascript:"${SECRET}"`],
]

/** What a callback may return although its type forbids it. A function makes each, because a promise settles once. */
export const WRONG_VALUES: readonly (readonly [name: string, make: () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['an empty text', () => ''],
  ['a number', () => 7],
  ['a negative number', () => -1],
  ['NaN', () => Number.NaN],
  ['1e309', () => Number('1e309')],
  ['an object', () => ({ [SECRET]: SECRET })],
  ['an object without a prototype', () => Object.create(null)],
  ['an array', () => [SECRET]],
  ['a symbol', () => Symbol(SECRET)],
  ['a function', () => () => SECRET],
  ['a promise', () => Promise.resolve(true)],
  ['a promise that never settles', () => new Promise(() => {})],
  ['a rejected promise', () => Promise.reject(new Error('rejected'))],
]

/** What a callback may throw. */
export const THROWN: readonly (readonly [name: string, thrown: unknown])[] = [
  ['an error', new Error('broken')],
  ['undefined', undefined],
  ['a text', 'broken'],
  ['a symbol', Symbol('broken')],
  ['an object without a prototype', Object.create(null)],
]

/** Functions that throw each of them. */
export const THROWING: readonly (readonly [name: string, fail: () => never])[] = THROWN.map(([name, thrown]) => [
  name,
  () => {
    throw thrown
  },
])

/** One wire that meets one hostile value. */
export interface Cell {
  readonly name: string
  readonly wire: Wire<unknown>
  /** What the server has received, which grows. */
  readonly requests: readonly unknown[]
  /** How many connections to the server are open. */
  readonly connections: { readonly open: number }
  /** How many requests are allowed in a minute. Default 60. */
  readonly maxPerMinute?: number
  /** What the message of the error that ends the wire must contain: the name of an option. Default: nothing. */
  readonly named?: string
  /** How the wire must be after two minutes. Default: any of these. */
  readonly end?: 'failed' | 'complete' | 'active'
  /** The messages that must be delivered. Default: any. */
  readonly data?: readonly unknown[]
}

const MINUTE_MS = 60_000

/**
 * Subscribes to all wires, lets two minutes pass, and returns what is wrong with each of them: a hang, a loop, an error of
 * another kind, a message without the name of the option or with the secret.
 */
export async function problemsOf(net: FakeNetwork, cells: readonly Cell[]): Promise<string[]> {
  // A wire that is retried repeats its problem.
  const problems = new Set<string>()
  const records = cells.map((cell) => ({ cell, record: recordWire(cell.wire) }))
  await net.advance(MINUTE_MS)
  const before = records.map(({ record }) => record.events.length)
  await net.advance(MINUTE_MS)
  for (const [index, { cell, record }] of records.entries()) {
    const isWaiting = record.events.at(-1)?.type === 'waiting'
    const isAlive = isWaiting || cell.connections.open > 0 || record.events.length > (before[index] ?? 0)
    const note = (what: string) => problems.add(`${cell.name}: ${what.slice(0, 200)}`)
    if (record.isActive && !isAlive) note('hangs')
    if (!record.isActive && cell.connections.open > 0) note('leaves a connection open')
    if (cell.requests.length > 2 * (cell.maxPerMinute ?? 60)) note(`sends ${cell.requests.length} requests`)
    const end = record.isActive ? 'active' : record.isComplete ? 'complete' : 'failed'
    if ((cell.end ?? end) !== end) note(`is ${end}`)
    if (cell.data !== undefined && !isEqual(record.data, cell.data)) note(`delivers ${JSON.stringify(record.data)}`)
    if (end === 'failed' && !record.error?.message.includes(cell.named ?? '')) note(String(record.error?.message))
    for (const failure of failuresOf(record, end)) {
      if (!isWireError(failure)) note(`fails with ${typeof failure}, which is no WireError`)
      else if (failure.message.includes(SECRET)) note(`shows the secret: ${failure.message}`)
    }
    record.unsubscribe()
  }
  return [...problems]
}

function isEqual(actual: unknown, expected: unknown): boolean {
  return JSON.stringify(actual) === JSON.stringify(expected)
}

function failuresOf({ events, error }: WireRecord<unknown>, end: string): unknown[] {
  const causes = events.flatMap((event) => (event.type === 'waiting' ? [event.cause] : []))
  return [...causes.filter((cause) => typeof cause !== 'string'), ...(end === 'failed' ? [error] : [])]
}
