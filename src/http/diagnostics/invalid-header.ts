/** Returns what is wrong with headers, for the end of a message. It shows no value, which may be a secret. */
export function invalidHeaderOf(init: unknown): string {
  if (typeof init !== 'object' || init === null) return `, got ${typeof init}`
  const pairs: readonly unknown[] = Symbol.iterator in init ? [...(init as Iterable<unknown>)] : Object.entries(init)
  for (const pair of pairs) {
    const [name = '', value = ''] = Array.isArray(pair) ? (pair as [string, string]) : ['a']
    try {
      new Headers([[name, '']])
    } catch {
      return ': one of the names has characters that a header name cannot have'
    }
    try {
      new Headers([[name, value]])
    } catch {
      return `: the value of '${name}' has characters that a header cannot have`
    }
  }
  return ''
}
