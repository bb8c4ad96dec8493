/**
 * How many bytes a body will have, where that is honestly known: what is compressed on its way arrives larger than
 * its header says, and across origins the header may be hidden.
 */
export function bodyTotal(headers: Headers): number | undefined {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') return undefined
  const length = headers.get('content-length') ?? ''
  return /^\d+$/.test(length) ? Number(length) : undefined
}
