import { WireMemory } from 'rxwire'
import type { CachedQuery } from './cache-client.ts'

const memories = new WeakMap<object, WireMemory>()

/** Returns the memory of a query for its next fetch. Where to resume is in the cache, which the application may change. */
export function memoryOf(query: CachedQuery): WireMemory {
  const memory = memories.get(query) ?? new WireMemory()
  memories.set(query, memory)
  memory.forgetCursors()
  return memory
}
