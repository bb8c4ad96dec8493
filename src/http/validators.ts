// [spec] RFC 9110 §8.8.3: an entity tag is quoted, and may be weak.
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\uffff]*"/

/** Returns the entity tag of a response; `undefined` if there is none, or if it is malformed. */
export function etagOf(headers: Headers): string | undefined {
  const etag = headers.get('etag') ?? ''
  return ETAG.exec(etag)?.[0] === etag ? etag : undefined
}

/**
 * Returns the validators of a response as one text: its entity tag, its date, or both. `undefined` if there are none.
 *
 * [spec] RFC 9110 §13.1.3: a server may need both to recognize a response.
 */
export function validatorsOf(headers: Headers): string | undefined {
  const all = [etagOf(headers), dateOf(headers)].filter((each) => each !== undefined)
  return all.length === 0 ? undefined : all.join(' ')
}

/** Sends validators back with a request. */
export function sendValidators({ headers }: { readonly headers: Headers }, validators: string): void {
  const etag = ETAG.exec(validators)?.[0]
  const date = validators.slice(etag?.length ?? 0).trim()
  if (etag !== undefined) headers.set('if-none-match', etag)
  if (date !== '') headers.set('if-modified-since', date)
}

function dateOf(headers: Headers): string | undefined {
  const date = headers.get('last-modified')
  // [spec] RFC 9110 §5.6.7: servers send only this format.
  return date !== null && /^\w{3}, .* \d\d:\d\d:\d\d GMT$/.test(date) ? date : undefined
}
