// [spec] RFC 9110 §8.8.3: an entity tag is quoted, and may be weak.
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\uffff]*"/

// [spec] RFC 9110 §5.6.7: servers send only this format.
const DATE = /^\w{3}, .* \d\d:\d\d:\d\d GMT$/

/** Returns the entity tag of a response; `undefined` if there is none, or if it is malformed. */
export function etagOf(headers: Headers): string | undefined {
  const etag = headers.get('etag') ?? ''
  return ETAG.exec(etag)?.[0] === etag ? etag : undefined
}

/** @throws TypeError if a text is no entity tag. */
export function requireEtag(option: string, etag: unknown): void {
  if (etag === undefined || (typeof etag === 'string' && ETAG.exec(etag)?.[0] === etag)) return
  throw new TypeError(`${option} must be a quoted entity tag`)
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

/**
 * Checks a text that validators are sent back from.
 *
 * @throws TypeError if it is not what {@link validatorsOf} returns: the server would ignore it and start over.
 */
export function requireValidators(option: string, validators: unknown): void {
  if (validators === undefined) return
  const text = typeof validators === 'string' ? validators : '?'
  const date = text.slice(ETAG.exec(text)?.[0].length ?? 0).trim()
  if (date === '' || DATE.test(date)) return
  throw new TypeError(`${option} must be the id of a message`)
}

/** Sends validators back with a request. */
export function sendValidators({ headers }: { readonly headers: Headers }, validators: string): void {
  const etag = ETAG.exec(validators)?.[0]
  const date = validators.slice(etag?.length ?? 0).trim()
  if (etag !== undefined) headers.set('if-none-match', etag)
  if (date !== '') headers.set('if-modified-since', date)
}

/** Returns the `Last-Modified` of a response; `undefined` if there is none, or if it is malformed. */
export function dateOf(headers: Headers): string | undefined {
  const date = headers.get('last-modified')
  return date !== null && DATE.test(date) ? date : undefined
}
