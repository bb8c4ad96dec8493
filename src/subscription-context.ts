/**
 * What a consumer can take. An Observable pushes; where a source can be read as slowly as one likes (a response
 * body), a consumer that pulls can say so through this.
 */
export interface Demand {
  /** Resolves when there is room for more. A source asks right after it has handed on what it had. */
  ready(): Promise<void>
  /** Whether there is a source that asks. */
  isRespected: boolean
}

let current: Demand | undefined

/** Subscribes on behalf of a consumer that pulls. Whatever operators stand between, the source hears of it. */
export function withDemand<R>(demand: Demand, subscribe: () => R): R {
  const outer = current
  current = demand
  try {
    return subscribe()
  } finally {
    current = outer
  }
}

/** The demand of whoever is subscribing right now. A source asks for it when it is subscribed, and obeys it. */
export function currentDemand(): Demand | undefined {
  if (current !== undefined) current.isRespected = true
  return current
}
