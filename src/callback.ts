import { isWireError, messageOf, WireError } from './errors.ts'

type Check = (result: unknown) => boolean

const isAny: Check = () => true
export const isText: Check = (result) => typeof result === 'string' && result !== ''

/**
 * Calls a function of the caller.
 *
 * @param option The name of the function, for the error message.
 * @throws WireError that names the option, if the function throws. A `WireError` that it throws passes through unchanged.
 */
export function callNamed<R>(option: string, call: () => R): R {
  try {
    return call()
  } catch (cause) {
    throw namedError(option, cause)
  }
}

/**
 * Calls a function of the caller whose result is needed at once.
 *
 * @param expected What it must return, for the error message.
 * @throws WireError that names the option, if the function throws, or returns a promise or an invalid value.
 */
export function callSync<R>(option: string, call: () => R, expected: string = 'a value', isValid: Check = isAny): R {
  const result = callNamed(option, call)
  if (!isPromise(result)) return checked(option, result, expected, isValid)
  // Its rejection would be an uncaught error of the page.
  Promise.resolve(result).catch(() => {})
  throw invalid(option, expected, 'a promise')
}

/** Calls a function of the caller that decides something. Only `true` counts as yes. */
export function isTrue(option: string, call: () => unknown): boolean {
  return callSync(option, call, 'a boolean') === true
}

/**
 * Calls a function of the caller that may be asynchronous.
 *
 * @throws WireError that names the option, if the function throws or rejects, or if its result is invalid.
 */
export async function callAsync<R>(
  option: string,
  call: () => R | Promise<R>,
  expected: string = 'a value',
  isValid: Check = isAny,
): Promise<R> {
  let result: R
  try {
    result = await call()
  } catch (cause) {
    throw namedError(option, cause)
  }
  return checked(option, result, expected, isValid)
}

function checked<R>(option: string, result: R, expected: string, isValid: Check): R {
  if (isValid(result)) return result
  throw invalid(option, expected, typeof result)
}

function invalid(option: string, expected: string, type: string): WireError {
  return new WireError('network', `${option} must return ${expected}, got ${type}.`)
}

function namedError(option: string, cause: unknown): WireError {
  if (isWireError(cause)) return cause
  return new WireError('network', `The ${option} function threw: ${messageOf(cause)}`, { cause })
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
