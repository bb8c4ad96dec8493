/** The name under which `rxwire/server` reports a gap: of an event, and of a field in a line or frame. */
export const GAP = 'gap'

/** Whether a value says that a log no longer has the messages before `id`. */
export function isGap(gap: unknown, id: unknown): boolean {
  return typeof gap === 'object' && gap !== null && 'to' in gap && gap.to === id
}

/**
 * Whether an event says that a log no longer has the messages before its id. Other servers may send events of this name:
 * their data does not repeat the id.
 */
export function isGapEvent(data: string, id: string | undefined, name: string | undefined): id is string {
  return name === GAP && id !== undefined && data.endsWith(`"to":"${id}"}`)
}
