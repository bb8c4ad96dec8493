import type { Side } from './side.ts'

const SILENT_MS = 2_500

/** Describes the connection of a column in one sentence. It changes only when the state does. */
export function sentenceOf(side: Side): string {
  const { connection = 'idle', why = '', fromMs = 0 } = side.status ?? {}
  const because = why === '' ? '' : `: ${why}`
  switch (connection) {
    case 'open': {
      const lastMs = Math.max(fromMs, side.dots.at(-1) ?? 0)
      return Date.now() - lastMs > SILENT_MS ? 'Looks connected, but nothing arrives.' : 'Connected.'
    }
    case 'waiting':
      return `Waiting to reconnect${because}.`
    case 'closed':
      return why === '' ? 'Done.' : `Closed for good${because}.`
    case 'failed':
      return `Failed${because}.`
    default:
      return 'Connecting.'
  }
}
