import type { WireState } from 'rxwire'
import type { SelectOptions } from './view-options.ts'

type Field = keyof WireState<unknown>

/** Tracks which fields of a wire's state a component reads, so that it renders only when one of them changes. */
export class FieldTracker<D, S> {
  readonly #fields = new Set<Field>()
  readonly #latest: { readonly current: SelectOptions<D, S> }
  #onRead = () => {}
  #committed: { readonly value: S } | undefined

  constructor(latest: { readonly current: SelectOptions<D, S> }) {
    this.#latest = latest
  }

  /** Applies `select`. Returns the committed value if the result is equal to it. */
  select(data: D, options: SelectOptions<D, S>): S {
    const { select, isEqual = Object.is } = options
    // Without `select`, the component renders all of the data, so D and S are the same type.
    const value = select === undefined ? (data as unknown as S) : select(data)
    return this.#committed !== undefined && isEqual(this.#committed.value, value) ? this.#committed.value : value
  }

  /** Sets the value that is on the screen. Call it after the commit: React may discard or suspend a render. */
  commit(value: S): void {
    this.#committed = { value }
  }

  /** Returns the state with `selected` as its data. Reading a field of the result tracks it. */
  trackState({ data: _, ...state }: WireState<D>, selected: S): WireState<S> {
    const result: WireState<S> = { ...state, data: selected }
    return lazyFields(Object.keys(result) as Field[], (name) => {
      this.track(name)
      return result[name]
    })
  }

  track(...names: readonly Field[]): void {
    for (const name of names) {
      if (this.#fields.has(name)) continue
      this.#fields.add(name)
      // In a microtask: the read may happen while another component renders, where React forbids state updates.
      Promise.resolve().then(() => this.#onRead())
    }
  }

  /** Calls `onRead` when a field is read for the first time. Until then its changes were ignored. */
  subscribe(onRead: () => void): () => void {
    this.#onRead = onRead
    return () => {
      this.#onRead = () => {}
    }
  }

  /** Returns whether a tracked field differs between the two states. */
  changed(rendered: WireState<D>, next: WireState<D>): boolean {
    for (const name of this.#fields) {
      if (!Object.is(rendered[name], next[name]) && (name !== 'data' || this.#selectsAnother(next.data))) return true
    }
    return false
  }

  #selectsAnother(data: D): boolean {
    const { select, isEqual = Object.is } = this.#latest.current
    if (select === undefined || this.#committed === undefined) return true
    try {
      return !isEqual(this.#committed.value, select(data))
    } catch {
      // It throws again in the render, where an error boundary catches it.
      return true
    }
  }
}

/** Creates an object whose fields are getters that call `read`. */
export function lazyFields<F extends object>(
  names: readonly (keyof F)[],
  read: <Name extends keyof F>(name: Name) => F[Name],
): F {
  const fields = {}
  // One `defineProperty` per field: collecting the descriptors for `defineProperties` first is several times slower.
  for (const name of names) {
    Object.defineProperty(fields, name, { enumerable: true, configurable: true, get: () => read(name) })
  }
  return fields as F
}

/** Merges objects like `Object.assign`, without reading their fields: the result has getters. */
export function mergeFields<A extends object, B extends object, C extends object = object>(
  first: A,
  second: B,
  third?: C,
): Omit<A, keyof B | keyof C> & Omit<B, keyof C> & C {
  const fields = {}
  for (const part of [first, second, third ?? {}]) {
    for (const name of Object.keys(part)) {
      // The getter itself, so that a field that was merged twice is still read by one call.
      Object.defineProperty(fields, name, Object.getOwnPropertyDescriptor(part, name) as PropertyDescriptor)
    }
  }
  return fields as Omit<A, keyof B | keyof C> & Omit<B, keyof C> & C
}
