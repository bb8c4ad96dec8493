import type { Caller } from './scenario.ts'

/** Longer than an id that a client sends back. */
const LONG = '0'.repeat(5_000)

/** What a feed of numbers does wrong. */
interface Oddities {
  /** The number after which it sends nothing more. */
  readonly stallAfter: number
  /** Returns the id of a number. */
  idOf(n: number): string
  /** Whether a number has only an id, and no message. */
  isEmpty(n: number): boolean
}

/**
 * What a feed of numbers does wrong by the query, in its first response: it stalls after `?stallAfter=`, number
 * `?emptyAt=` has only an id, the id of `?longAt=` has 5,000 characters, that of `?resetAt=` is empty.
 */
export function oddities({ query }: Pick<Caller, 'query'>, isFirst: boolean): Oddities {
  const at = (name: string) => (isFirst && query.has(name) ? Number(query.get(name)) : undefined)
  return {
    stallAfter: at('stallAfter') ?? Number.POSITIVE_INFINITY,
    idOf: (n) => (n === at('resetAt') ? '' : n === at('longAt') ? LONG + n : String(n)),
    isEmpty: (n) => n === at('emptyAt'),
  }
}
