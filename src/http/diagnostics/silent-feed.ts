import { StallWatch } from '../../engine/stall-watch.ts'
import { hint, isHintActive } from '../../platform/hints.ts'
import { shownUrl } from '../request.ts'

// A feed with fewer pieces has no usual gap yet.
const MIN_PIECES = 10
// Many times the longest gap so far, and longer than the heartbeat interval of most servers.
const GAPS = 10
const MIN_SILENCE_MS = 30_000

/**
 * Watches an open connection. In development, gives a hint if a server that sent something regularly has been silent for
 * many times its longest gap: development proxies keep a connection open whose server has stopped.
 *
 * @param signal Ends the watch.
 * @returns A function to call for each piece that is received.
 */
export function watchSilence(target: { readonly url: string }, signal: AbortSignal): () => void {
  if (!isHintActive('silent')) return () => {}
  let pieces = 0
  let longestMs = 0
  const limit = (longestGapMs: number) => {
    longestMs = longestGapMs
    return pieces < MIN_PIECES ? Number.POSITIVE_INFINITY : Math.max(MIN_SILENCE_MS, GAPS * longestGapMs)
  }
  const watch = new StallWatch(limit, (silentMs) => hintSilentFeed(target, longestMs, silentMs), signal)
  return () => {
    pieces += 1
    watch.activity()
  }
}

function hintSilentFeed(target: { readonly url: string }, longestMs: number, silentMs: number): void {
  hint(
    'silent',
    `${shownUrl(target)} sent something at least every ${seconds(longestMs)} s and has been silent for ` +
      `${seconds(silentMs)} s, with the connection open. A development proxy (Vite, Angular, webpack) keeps it open when ` +
      'the server behind it has stopped: let the proxy end it, let the server send heartbeats, or set stallTimeoutMs.',
  )
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1)
}
