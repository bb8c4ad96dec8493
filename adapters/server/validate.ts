export function requirePositive(option: string, value: number): void {
  if (!(value > 0)) throw new TypeError(`${option} must be a positive number, got ${value}`)
}

export function requireNonNegative(option: string, value: number): void {
  if (!(value >= 0)) throw new TypeError(`${option} must be a non-negative number, got ${value}`)
}
