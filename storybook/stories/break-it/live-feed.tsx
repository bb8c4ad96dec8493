import { useCallback, useState } from 'react'
import type { Tick } from '../../../test/server/prices.ts'
import { PriceCurve } from '../../panels/price-panel.tsx'
import { useLiveFeed as usePlainFeed } from './code/live-feed.plain.ts'
import { useLiveFeed } from './code/live-feed.rxwire.ts'
import { type SideProps, useStatus } from './side.ts'
import { whyOf } from './why.ts'

const PATH = '/sse/ticks'
const SHOWN = 90

export function PlainFeed({ lab, ...sides }: SideProps) {
  const [ticks, onTick] = useTicks(sides)
  const { connection } = usePlainFeed(lab.url(PATH), lab.token, onTick)
  useStatus(sides.side, connection, connection === 'closed' ? 'EventSource does not reconnect after an HTTP error' : '')
  return <Curve ticks={ticks} />
}

export function RxwireFeed({ lab, ...sides }: SideProps) {
  const [ticks, onTick] = useTicks(sides)
  const state = useLiveFeed(lab.url(PATH), lab.token, onTick)
  useStatus(sides.side, state.connection, whyOf(state))
  return <Curve ticks={ticks} />
}

function Curve({ ticks }: { ticks: readonly Tick[] }) {
  return ticks.length > 1 ? <PriceCurve ticks={ticks} /> : <div className="empty">No tick yet</div>
}

function useTicks({ side, other }: Pick<SideProps, 'side' | 'other'>) {
  const [ticks, setTicks] = useState<readonly Tick[]>([])
  const onTick = useCallback(
    (tick: Tick) => {
      side.receive(tick.n)
      other.account.expect(tick.n)
      setTicks((before) => [...before.slice(1 - SHOWN), tick])
    },
    [side, other],
  )
  return [ticks, onTick] as const
}
