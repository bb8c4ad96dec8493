/** A reactive value of a framework: the property that shows it, and the function that sets it. */
export type Cell<V> = readonly [property: PropertyDescriptor, set: (value: V) => void]

/** What an adapter knows about its framework, for one wire. */
export interface ReactiveHost {
  /** Creates a reactive value. It must not make the value itself reactive: messages are plain data. */
  cell<V>(value: V): Cell<V>
  /**
   * Calls `read` where its reactive values are tracked, and `open` with the result, untracked. When the result changes, and
   * when the scope of the framework ends, it calls what `open` has returned. It does neither on a server.
   */
  connect<V>(read: () => V, open: (value: V) => () => void): void
  /** Sets several values before one of them is rendered. Default: one after the other. */
  batch?(set: () => void): void
}

/** Creates the host of one wire. */
export interface CreateHost {
  (): ReactiveHost
  /** Returns the current value of an argument that may be reactive. Default: a function is called. */
  readonly read?: ((input: unknown) => unknown) | undefined
}

/** Returns the current value of an argument that may be reactive. */
export function readInput<V>(createHost: CreateHost, input: unknown): V {
  const { read = (input) => (typeof input === 'function' ? input() : input) } = createHost
  return read(input) as V
}

/** Adds the fields of an object to `target`, each as a reactive value. Returns the function that sets them all. */
export function addFields<S extends object>(host: ReactiveHost, target: object, fields: S): (next: S) => void {
  const setters = Object.entries(fields).map(([name, value]) => {
    const [property, set] = host.cell<unknown>(value)
    Object.defineProperty(target, name, { enumerable: true, ...property })
    return (next: S) => set(next[name as keyof S])
  })
  const { batch = (run) => run() } = host
  return (next) =>
    batch(() => {
      for (const set of setters) set(next)
    })
}
