import { cdp } from 'vitest/browser'

interface DebuggingSession {
  send(method: 'HeapProfiler.collectGarbage'): Promise<void>
  send(method: 'Runtime.getHeapUsage'): Promise<{ readonly usedSize: number; readonly backingStorageSize: number }>
}

/** Collects garbage over the Chromium DevTools Protocol. */
export async function collectGarbage(): Promise<void> {
  await debuggingSession().send('HeapProfiler.collectGarbage')
}

/** Collects garbage, then returns the memory of the page: objects and the buffers of typed arrays. */
export async function heapBytes(): Promise<number> {
  await collectGarbage()
  const { usedSize, backingStorageSize } = await debuggingSession().send('Runtime.getHeapUsage')
  return usedSize + backingStorageSize
}

/** Vitest does not type the commands of a session. */
function debuggingSession(): DebuggingSession {
  return cdp() as unknown as DebuggingSession
}
