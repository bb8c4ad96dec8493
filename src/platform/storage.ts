/** The part of Web Storage that the library uses: `localStorage`, `sessionStorage`, or a caller's implementation. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** `localStorage`, or a storage in memory if the host has none or forbids it. */
export function lastingStorage(): KeyValueStorage {
  try {
    // With some privacy settings, reading the property throws.
    return typeof localStorage === 'undefined' ? memory : localStorage
  } catch {
    return memory
  }
}

/** Returns a storage of the page; `undefined` if the host has none or forbids it. */
export function pageStorage(name: 'session' | 'local'): KeyValueStorage | undefined {
  try {
    return name === 'session' ? sessionStorage : localStorage
  } catch {
    return undefined
  }
}

const memory = memoryStorage()

/** Returns a new storage in memory. */
export function memoryStorage(): KeyValueStorage {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value)
    },
    removeItem: (key) => {
      items.delete(key)
    },
  }
}
