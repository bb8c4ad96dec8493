import { isUrl } from './host-object.ts'

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
  if (typeof value === 'function') return
  const url = parseUrl(value, base)
  if (url === undefined) throw new TypeError(`${option} must be a valid URL, not ${show(value)}`)
  // Browsers refuse to fetch these, and whatever logs a url would log the password.
  if (url.username !== '' || url.password !== '') throw new TypeError(`${option} must not contain credentials`)
}

/** An origin is scheme, host and port. What has more would never be equal to one. */
export function requireOrigins(option: string, value: unknown): void {
  if (value === undefined) return
  if (!Array.isArray(value)) throw new TypeError(`${option} must be an array of origins`)
  for (const origin of value) {
    if (parseUrl(origin, undefined)?.origin === origin) continue
    throw new TypeError(`${option} must be bare origins such as "https://api.example", not ${show(origin)}`)
  }
}

export function requireName(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${option} must be a text that is not empty`)
}

export function requireFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw new TypeError(`${option} must be a function`)
}

function parseUrl(value: unknown, base: string | undefined): URL | undefined {
  if (typeof value !== 'string' && !isUrl(value)) return undefined
  try {
    // Without a page (under SSR) a relative url is no mistake yet: it will be resolved in the browser.
    return new URL(value, base ?? 'http://localhost')
  } catch {
    return undefined
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value)
}
