/** An object whose fields are looked up when somebody reads them. */
export function lazyFields<F extends object>(
  names: readonly (keyof F)[],
  read: <Name extends keyof F>(name: Name) => F[Name],
): F {
  const fields = {}
  addFields(fields, names, read)
  return fields as F
}

/** An object with the fields of all; where two have one, that of the later. None of them is read by that. */
export function joined<A extends object, B extends object, C extends object = object>(
  first: A,
  second: B,
  third?: C,
): Omit<A, keyof B | keyof C> & Omit<B, keyof C> & C {
  const fields = {}
  for (const part of [first, second, third ?? {}]) {
    addFields(fields, Object.keys(part) as (keyof typeof part)[], (name) => part[name])
  }
  return fields as Omit<A, keyof B | keyof C> & Omit<B, keyof C> & C
}

// One by one, on one object: descriptors that are collected first cost several times as much.
function addFields<Name extends PropertyKey>(
  fields: object,
  names: readonly Name[],
  read: (name: Name) => unknown,
): void {
  for (const name of names) {
    Object.defineProperty(fields, name, { enumerable: true, configurable: true, get: () => read(name) })
  }
}
