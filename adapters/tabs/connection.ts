import { defer, type Subscriber } from 'rxjs'
import { type Attempt, type Wire, type WireEvent, WireMemory, withMemory } from 'rxwire'

/** Returns the wire that one tab opens to the server. It receives the resume point of that tab. */
export type OpenWire<T> = (start: { readonly resumeFrom: string | undefined }) => Wire<T>

/** Opens a connection of this tab, at its resume point. */
export function connect<T>(open: OpenWire<T>, attempt: Attempt<T>, subscriber: Subscriber<WireEvent<T>>): void {
  const { cursor, memory } = attempt
  // [law] 13: all connections of a tab are of one consumer. Its resume point may come from another tab's connection.
  memory.inner ??= new WireMemory()
  memory.inner.resumeAt(cursor)
  const wire = defer(() => open({ resumeFrom: cursor }))
  wire.pipe(withMemory(memory.inner)).subscribe(subscriber)
}
