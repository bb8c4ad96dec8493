// Programmer mistakes throw at the call, and name the option. Everything that can go wrong later is a WireError.

export function requireNonNegative(option: string, value: number | undefined): void {
  if (value === undefined) return
  if (typeof value !== 'number' || Number.isNaN(value) || value < 0) {
    throw new TypeError(`${option} must be a number of 0 or more, not ${show(value)}`)
  }
}

export function requireFinite(option: string, value: number): void {
  requireNonNegative(option, value)
  if (value === Number.POSITIVE_INFINITY) throw new TypeError(`${option} must be finite`)
}

export function requirePositive(option: string, value: number | undefined): void {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value > 0)) {
    throw new TypeError(`${option} must be a number above 0, not ${show(value)}`)
  }
}

export function requireOneOf(option: string, value: unknown, allowed: readonly unknown[]): void {
  if (value === undefined || allowed.includes(value)) return
  throw new TypeError(`${option} must be one of ${allowed.map(show).join(', ')}, not ${show(value)}`)
}

/** A provider's url is checked when it is provided, any other at once. `base` is the page's address. */
export function requireUrl(option: string, value: unknown, base: string | undefined): void {
  if (typeof value === 'function' || value instanceof URL) return
  // Without a page (under SSR) a relative url is no mistake yet: it will be resolved in the browser.
  if (typeof value === 'string' && URL.canParse(value, base ?? 'http://localhost')) return
  throw new TypeError(`${option} must be a valid URL, not ${show(value)}`)
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}
