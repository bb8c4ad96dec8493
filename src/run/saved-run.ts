import { hint } from '../platform/hints.ts'
import { type KeyValueStorage, pageStorage } from '../platform/storage.ts'
import { isResumePoint } from '../resume-point.ts'

/** Where a run is kept over a reload: a storage of the page, or one of the caller's own. */
export type RunStorage = 'session' | 'local' | KeyValueStorage

/** A run as it is written to a storage. */
export interface RunRecord {
  readonly isRunning: boolean
  readonly runId: string
  /** The data, and the cursor after it. Absent if the answer has to be delivered from the start. */
  readonly data?: unknown
  readonly cursor?: string | undefined
}

/** Returns what was saved; `undefined` if there is nothing, or if it does not parse. */
export function loadRun(persist: RunStorage, id: string): RunRecord | undefined {
  try {
    return parse(JSON.parse(storageOf(persist)?.getItem(keyOf(id)) ?? 'null'))
  } catch {
    return undefined
  }
}

/** Saves a run, or forgets it. If its data does not fit into the storage, the answer is delivered from the start later. */
export function saveRun(persist: RunStorage, id: string, run: RunRecord | undefined): void {
  if (run === undefined) write(persist, id, undefined)
  else if (!write(persist, id, run)) {
    const { isRunning, runId } = run
    if (write(persist, id, { isRunning, runId })) return
    hint('run', 'The storage did not accept a run. The page cannot attach to it after a reload.')
  }
}

function write(persist: RunStorage, id: string, run: RunRecord | undefined): boolean {
  try {
    const storage = storageOf(persist)
    if (run === undefined) storage?.removeItem(keyOf(id))
    else storage?.setItem(keyOf(id), JSON.stringify(run))
    return storage !== undefined
  } catch {
    // The storage is full or forbidden, or the data is not JSON.
    return false
  }
}

const storageOf = (persist: RunStorage) => (typeof persist === 'string' ? pageStorage(persist) : persist)
const keyOf = (id: string) => `rxwire-run:${id}`

/** [law] 16: the item may be from another version of the application. */
function parse(item: unknown): RunRecord | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const { isRunning, runId, data, cursor } = item as { readonly [Name in keyof RunRecord]?: unknown }
  if (typeof isRunning !== 'boolean' || typeof runId !== 'string') return undefined
  if (cursor === undefined) return isRunning ? { isRunning, runId } : { isRunning, runId, data }
  return isResumePoint(cursor) ? { isRunning, runId, data, cursor } : { isRunning, runId }
}
