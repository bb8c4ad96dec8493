import { isWireError } from 'rxwire'

/** A function of an adapter, by the name that all adapters share. */
type Use = 'wire' | 'eventSource' | 'webSocket' | 'fetchStream' | 'upload'

/** The functions of an adapter, without their types: the suite passes the same arguments to all of them. */
export type Functions = Readonly<Record<Use, (input: unknown, options?: object) => Result>>

/** What a function of an adapter returns: reactive values and controls. */
export type Result = Readonly<Record<string, unknown>>

/** A component that calls a function of an adapter and shows fields of the result. */
export interface Shown<V> {
  readonly use: Use
  /** A reactive value, which a test can change. */
  readonly input: V
  /** Returns the first argument of the function. Default: the reactive input. */
  readonly source?: (current: () => V) => unknown
  readonly options?: object
  readonly shows: readonly string[]
  /** Called for each render. */
  readonly onRender: () => void
}

/** A mounted component. */
export interface Mounted<V> {
  set(input: V): void
  /** The current value of a field of the result, or a control. */
  read(name: string): unknown
  unmount(): void
}

/** How a framework mounts the component. */
export interface Harness {
  readonly name: string
  mount<V>(shown: Shown<V>, container: Element): Mounted<V> | Promise<Mounted<V>>
}

/** The text of the shown fields. */
export function textOf(shows: readonly string[], read: (name: string) => unknown): string {
  return shows.map((name) => format(read(name))).join(' ')
}

function format(value: unknown): string {
  if (isWireError(value)) return value.kind
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
