import { cdp } from 'vitest/browser'

interface DebuggingSession {
  send(method: 'HeapProfiler.collectGarbage'): Promise<void>
  send(method: 'Runtime.getHeapUsage'): Promise<{ readonly usedSize: number; readonly backingStorageSize: number }>
}

/** Runs Chromium's own collector, through the debugging protocol. */
export async function collectGarbage(): Promise<void> {
  await debuggingSession().send('HeapProfiler.collectGarbage')
}

/** What the page holds after that: objects, and the memory behind typed arrays. */
export async function heapBytes(): Promise<number> {
  await collectGarbage()
  const { usedSize, backingStorageSize } = await debuggingSession().send('Runtime.getHeapUsage')
  return usedSize + backingStorageSize
}

/** Vitest leaves it to the provider to say what a session can do. */
function debuggingSession(): DebuggingSession {
  return cdp() as unknown as DebuggingSession
}
