/** The part of Web Storage that is used here: `localStorage`, `sessionStorage`, or what a caller brings. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** What outlives the page; where there is no such thing, or it is forbidden, what lives as long as the program. */
export function lastingStorage(): KeyValueStorage {
  try {
    // Under privacy settings the mere mention may throw.
    return typeof localStorage === 'undefined' ? memory : localStorage
  } catch {
    return memory
  }
}

const memory = memoryStorage()

/** What lives as long as somebody holds it. */
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
