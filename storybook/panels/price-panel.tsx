import type { Tick } from '../../test/server/prices.ts'
import { Figure } from './figure.tsx'

/** The ticks so far, and how many were lost or repeated. */
export interface Ledger {
  readonly ticks: readonly Tick[]
  readonly received: number
  readonly lost: number
  readonly twice: number
}

export const emptyLedger: Ledger = { ticks: [], received: 0, lost: 0, twice: 0 }

const SHOWN = 120

/** Adds a tick. Ticks are numbered without gaps, so a lost or a repeated one is visible. */
export function addTick({ ticks, received, lost, twice }: Ledger, tick: Tick): Ledger {
  const last = ticks.at(-1)?.n
  const step = last === undefined ? 1 : tick.n - last
  return {
    ticks: [...ticks.slice(1 - SHOWN), tick],
    received: received + 1,
    lost: lost + Math.max(0, step - 1),
    twice: twice + (step < 1 ? 1 : 0),
  }
}

/** The price as a curve, with the counts of ticks received, lost and repeated. */
export function PricePanel({ ticks, received, lost, twice }: Ledger) {
  return (
    <div className="columns">
      {ticks.length > 1 ? <PriceCurve ticks={ticks} /> : <div className="empty">No tick yet</div>}
      <dl className="figures">
        <Figure name="Price" value={ticks.at(-1)?.price.toFixed(2) ?? '–'} />
        <Figure name="Received" value={received} />
        <Figure name="Lost" value={lost} isAlarming={lost > 0} />
        <Figure name="Twice" value={twice} isAlarming={twice > 0} />
      </dl>
    </div>
  )
}

/** Prices as a curve between the lowest and the highest. */
export function PriceCurve({ ticks }: { ticks: readonly Tick[] }) {
  const prices = ticks.map(({ price }) => price)
  const low = Math.min(...prices)
  const high = Math.max(...prices)
  const points = prices.map((price, index) => {
    const x = (index / (prices.length - 1)) * 600
    const y = 172 - ((price - low) / Math.max(0.01, high - low)) * 154
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg className="chart" viewBox="0 0 600 190" preserveAspectRatio="none" role="img" aria-label="Price">
      <polygon className="area" points={`0,190 ${points.join(' ')} 600,190`} />
      <polyline className="curve" points={points.join(' ')} />
    </svg>
  )
}
