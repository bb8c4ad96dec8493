/** What a server of the benchmark is told to do. */
export type FeedOrder =
  | { readonly type: 'append'; readonly count: number; readonly bytes: number; readonly everyMs?: number }
  | { readonly type: 'memory' }

/** A byte that occurs once in each item, and nowhere in what a protocol adds. */
export const MARK = '|'.charCodeAt(0)

/** An item: when it was appended, and text up to a length. */
export function feedItem(bytes: number): string {
  return `${preciseNowMs().toFixed(3)},${'x'.repeat(Math.max(0, bytes - 20))}|`
}

/** When an item in a text was appended, for each of its items. */
export function appendedAtMs(text: string): number[] {
  return [...text.matchAll(/(\d{13}\.\d{3}),/g)].map(([, at]) => Number(at))
}

/** The time since 1970, in fractions of a millisecond, comparable between processes. */
export function preciseNowMs(): number {
  return performance.timeOrigin + performance.now()
}
