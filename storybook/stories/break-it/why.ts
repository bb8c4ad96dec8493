import type { WireState } from 'rxwire'

/** Why a wire waits or has failed, in a few words. */
export function whyOf({ connection, parked, error }: Pick<WireState<unknown>, 'connection' | 'parked' | 'error'>) {
  if (connection === 'failed') return error?.message ?? ''
  if (connection !== 'waiting') return ''
  if (parked !== undefined) return parked
  return error === undefined ? 'the server ended the response' : shortError(error)
}

function shortError(error: Error & { readonly kind?: string; readonly status?: number }): string {
  if (error.status !== undefined) return `the server answered ${error.status}`
  if (error.kind === 'stalled' || error.kind === 'timeout') return 'nothing arrived for 3 s'
  return 'the connection was lost'
}
