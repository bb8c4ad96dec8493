import { addressOf, parseAddress } from './address.ts'

// Programmer mistakes throw at the call, with a TypeError that names the option. Every later failure is a WireError.

export function requireNonNegative(option: string, value: number | undefined): void {
  if (value === undefined) return
  if (typeof value !== 'number' || Number.isNaN(value) || value < 0) {
    throw new TypeError(`${option} must be a non-negative number, got ${show(value)}`)
  }
}

export function requireFinite(option: string, value: number): void {
  requireNonNegative(option, value)
  if (value === Number.POSITIVE_INFINITY) throw new TypeError(`${option} must be finite`)
}

export function requirePositive(option: string, value: number | undefined): void {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value > 0)) {
    throw new TypeError(`${option} must be a positive number, got ${show(value)}`)
  }
}

export function requireOneOf(option: string, value: unknown, allowed: readonly unknown[]): void {
  if (value === undefined || allowed.includes(value)) return
  throw new TypeError(`${option} must be one of ${allowed.map(show).join(', ')}, got ${show(value)}`)
}

/** Checks a fixed URL. The result of a function is checked when it is called. `base` is the URL of the page. */
export function requireUrl(
  option: string,
  value: unknown,
  base: string | undefined,
  schemes?: readonly string[],
): void {
  // During SSR a relative URL is valid: the browser will resolve it.
  if (typeof value !== 'function') parseAddress(option, value, base ?? 'http://localhost', schemes)
}

/** Checks a list of origins (scheme, host and port). A value with a path would never match. */
export function requireOrigins(option: string, value: unknown): void {
  if (value === undefined) return
  if (!Array.isArray(value)) throw new TypeError(`${option} must be an array of origins`)
  for (const origin of value) {
    if (typeof origin === 'string' && originOf(origin) === origin) continue
    throw new TypeError(
      `${option} must be bare origins such as 'https://api.example', got ${typeof origin === 'string' ? `'${addressOf(origin)}'` : typeof origin}`,
    )
  }
}

/** Checks an engine: a value such as the result of `xhrEngine()`. */
export function requireEngine(engine: unknown): void {
  if (engine === undefined || (typeof engine === 'object' && engine !== null)) return
  throw new TypeError(`engine must be a value such as xhrEngine(), got ${show(engine)}`)
}

export function requireName(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${option} must be a non-empty string`)
}

export function requireFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw new TypeError(`${option} must be a function`)
}

/** Checks a policy that may also be `false`. A number would be spread into no option at all. */
export function requirePolicyObject(option: string, value: unknown): void {
  if (value === undefined || value === false || (typeof value === 'object' && value !== null)) return
  const advice = typeof value === 'number' ? `. Use { maxRetries: ${value} }` : ''
  throw new TypeError(`${option} must be an object or false, got ${show(value)}${advice}`)
}

function originOf(value: unknown): string | undefined {
  try {
    return typeof value === 'string' ? new URL(value).origin : undefined
  } catch {
    return undefined
  }
}

/** An object may contain a secret, and not every object can be converted to text. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  return (typeof value === 'object' && value !== null) || typeof value === 'symbol' ? typeof value : String(value)
}
