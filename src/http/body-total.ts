/**
 * How many bytes a body will have, where that is honestly known: what is compressed on its way arrives larger than
 * its header says. Across origins that header may be hidden, and then only what is too much gives it away.
 */
export function bodyTotal(headers: Headers, loaded: number): number | undefined {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') return undefined
  const length = headers.get('content-length') ?? ''
  return /^\d+$/.test(length) && loaded <= Number(length) ? Number(length) : undefined
}
