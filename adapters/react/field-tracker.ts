import type { WireState } from 'rxwire'
import { hintEveryField } from './advice.ts'
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
  trackState(state: WireState<D>, selected: S): WireState<S> {
    const fields = { ...state, data: selected }
    const count = Object.keys(fields).length
    return observeReads(fields, (name) => {
      if (!(name in fields)) return
      this.track(name as Field)
      if (this.#fields.size === count) hintEveryField()
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

/** Called before a field is read. It ignores names that are not its own. */
type OnRead = (name: string) => unknown

interface Observed {
  readonly fields: object
  readonly onRead: OnRead
}

const observed = new WeakMap<object, Observed>()

/**
 * Returns a view of the fields that calls `onRead` before a field is read. A proxy: it costs one object, where getters
 * cost one function per field in each render, and a debugger shows the values.
 */
export function observeReads<F extends object>(fields: F, onRead: OnRead): F {
  const view = new Proxy(fields, {
    get: (target, name) => {
      if (typeof name === 'string') onRead(name)
      return target[name as keyof F]
    },
  })
  observed.set(view, { fields, onRead })
  return view
}

/** Returns the fields of a view, to read them without a call of `onRead`. */
export function unobserved<F extends object>(view: F): F {
  return (observed.get(view)?.fields ?? view) as F
}

/** Merges objects like `Object.assign`. Reads of the result are observed as those of the parts were. */
export function mergeFields<A extends object, B extends object, C extends object = object>(
  first: A,
  second: B,
  third?: C,
): Omit<A, keyof B | keyof C> & Omit<B, keyof C> & C {
  const parts = [first, second, third ?? {}]
  const listeners = parts.flatMap((part) => observed.get(part)?.onRead ?? [])
  return observeReads(Object.assign({}, ...parts.map(unobserved)), (name) => {
    for (const onRead of listeners) onRead(name)
  })
}
