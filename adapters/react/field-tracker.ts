import type { WireState } from 'rxwire'
import type { SelectOptions } from './view-options.ts'

type Field = keyof WireState<unknown>

/** What one component reads of a wire's state, so that it renders for nothing else. */
export class FieldTracker<D, S> {
  readonly #fields = new Set<Field>()
  readonly #latest: { readonly current: SelectOptions<D, S> }
  #onRead = () => {}
  #selected: { readonly value: S } | undefined

  constructor(latest: { readonly current: SelectOptions<D, S> }) {
    this.#latest = latest
  }

  /** What is selected; the same as what is on the screen if it is equal to that. */
  select(data: D, options: SelectOptions<D, S>): S {
    const { select, isEqual = Object.is } = options
    // Without `select`, all of the data is what is shown: the two types are one then.
    const value = select === undefined ? (data as unknown as S) : select(data)
    return this.#selected !== undefined && isEqual(this.#selected.value, value) ? this.#selected.value : value
  }

  /** This is on the screen now: a render may be thrown away, or wait in a transition while others are shown. */
  show(value: S): void {
    this.#selected = { value }
  }

  /** The state with what was selected for its data. Whatever is read of it is noted. */
  of({ data: _, ...state }: WireState<D>, selected: S): WireState<S> {
    const shown: WireState<S> = { ...state, data: selected }
    return lazyFields(Object.keys(shown) as Field[], (name) => {
      this.track(name)
      return shown[name]
    })
  }

  track(...names: readonly Field[]): void {
    for (const name of names) {
      if (this.#fields.has(name)) continue
      this.#fields.add(name)
      // Not at once: it may be read in a render, and then not in that of the component whose result it is.
      Promise.resolve().then(() => this.#onRead())
    }
  }

  /** What is read for the first time was never looked at before: it may have changed long ago. */
  subscribe(onRead: () => void): () => void {
    this.#onRead = onRead
    return () => {
      this.#onRead = () => {}
    }
  }

  /** Whether the next state shows otherwise in what the component reads. */
  changed(shown: WireState<D>, next: WireState<D>): boolean {
    for (const name of this.#fields) {
      if (!Object.is(shown[name], next[name]) && (name !== 'data' || this.#isOther(next.data))) return true
    }
    return false
  }

  #isOther(data: D): boolean {
    const { select, isEqual = Object.is } = this.#latest.current
    if (select === undefined || this.#selected === undefined) return true
    try {
      return !isEqual(this.#selected.value, select(data))
    } catch {
      // It will throw in the render as well, where the component's error boundary hears it.
      return true
    }
  }
}

/** An object whose fields are looked up when somebody reads them. */
export function lazyFields<F extends object>(
  names: readonly (keyof F)[],
  read: <Name extends keyof F>(name: Name) => F[Name],
): F {
  const fields = {}
  addFields(fields, names, read)
  return fields as F
}

/** An object with the fields of all; where two have one, that of the later. None of them is read by that. */
export function joined<A extends object, B extends object, C extends object = object>(
  first: A,
  second: B,
  third?: C,
): Omit<A, keyof B | keyof C> & Omit<B, keyof C> & C {
  const fields = {}
  for (const part of [first, second, third ?? {}]) {
    addFields(fields, Object.keys(part) as (keyof typeof part)[], (name) => part[name])
  }
  return fields as Omit<A, keyof B | keyof C> & Omit<B, keyof C> & C
}

// One by one, on one object: descriptors that are collected first cost several times as much.
function addFields<Name extends PropertyKey>(
  fields: object,
  names: readonly Name[],
  read: (name: Name) => unknown,
): void {
  for (const name of names) {
    Object.defineProperty(fields, name, { enumerable: true, configurable: true, get: () => read(name) })
  }
}
