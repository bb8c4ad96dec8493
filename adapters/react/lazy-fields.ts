/** An object whose fields are looked up when somebody reads them. */
export function lazyFields<F extends object>(
  names: readonly (keyof F)[],
  read: <Name extends keyof F>(name: Name) => F[Name],
): F {
  const fields = {}
  for (const name of names) Object.defineProperty(fields, name, { enumerable: true, get: () => read(name) })
  return fields as F
}

/** An object with the fields of both; where both have one, the second's. None of them is read by that. */
export function joined<A extends object, B extends object>(first: A, second: B): Omit<A, keyof B> & B {
  const fields = { ...Object.getOwnPropertyDescriptors(first), ...Object.getOwnPropertyDescriptors(second) }
  return Object.defineProperties({}, fields) as Omit<A, keyof B> & B
}
