// RFC 9110 §9.2.2: asking twice has the effect of asking once.
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** What makes a request safe to send again although its method is not. */
export interface RepeatOptions {
  /** Sent as `Idempotency-Key`, the same on each attempt: the server promises to act on it once. */
  readonly idempotencyKey?: string | undefined
  /** `true` if the server continues a repeated request from the cursor instead of starting it again. */
  readonly resume?: boolean | undefined
}

/** Whether a request may be sent again by itself. */
export function isRepeatable(method: string, options: RepeatOptions): boolean {
  return IDEMPOTENT_METHODS.has(method) || options.idempotencyKey !== undefined || options.resume === true
}
