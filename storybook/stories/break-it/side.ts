import { useEffect } from 'react'
import type { Lab } from '../../panels/lab.ts'
import { Account, type Counts } from './account.ts'

/** How a column describes its connection, and since when. */
export interface Span {
  readonly connection: string
  readonly why: string
  readonly fromMs: number
  toMs: number | undefined
}

// A dot every 60 ms is as dense as the picture can show.
const DOT_EVERY_MS = 60
const KEPT = 1_500

/** What was seen of one column: its counters, and its row in the timeline. */
export class Side {
  readonly id: string = crypto.randomUUID()
  readonly account = new Account()
  readonly spans: Span[] = []
  readonly dots: number[] = []
  /** Replaces the counts of the account, for a column that does not count items. */
  counted: Counts | undefined

  get status(): Span | undefined {
    return this.spans.at(-1)
  }

  receive(n: number): void {
    this.account.receive(n)
    this.mark()
  }

  /** Draws a dot: something has arrived. */
  mark(): void {
    const atMs = Date.now()
    if (atMs - (this.dots.at(-1) ?? 0) < DOT_EVERY_MS) return
    this.dots.push(atMs)
    if (this.dots.length > KEPT) this.dots.shift()
  }

  changeTo(connection: string, why = ''): void {
    const before = this.status
    if (before?.connection === connection && before.why === why) return
    const atMs = Date.now()
    if (before !== undefined) before.toMs = atMs
    this.spans.push({ connection, why, fromMs: atMs, toMs: undefined })
  }

  counts(healthySinceMs: number | undefined): Counts {
    return this.counted ?? this.account.counts(healthySinceMs)
  }
}

/** What a column is given. */
export interface SideProps {
  readonly lab: Lab
  readonly side: Side
  /** The column next to it. Both expect what one of them has seen. */
  readonly other: Side
}

/** Notes the state of a connection in the timeline. */
export function useStatus(side: Side, connection: string, why = ''): void {
  useEffect(() => side.changeTo(connection, why), [side, connection, why])
}
