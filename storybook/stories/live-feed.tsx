import { useRef } from 'react'
import { fromEventSource, HttpError } from 'rxwire'
import { useWire } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { FaultSwitches } from '../panels/fault-switches.tsx'
import { HandSwitches } from '../panels/hand-switches.tsx'
import type { Lab } from '../panels/lab.ts'
import { addTick, emptyLedger, PricePanel } from '../panels/price-panel.tsx'
import { useSession } from '../panels/session.ts'
import { tickOptions } from '../panels/tick-options.ts'
import { Timeline } from '../panels/timeline.tsx'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'A price feed over Server-Sent Events'
const about =
  'The server numbers its ticks. Break the connection: it reconnects after the last tick, and the counters of lost and repeated ticks stay at zero.'

/** A live feed with its state, its timeline and the faults of its network. */
export function LiveFeed() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Feed lab={lab} />}
    </WithLab>
  )
}

function Feed({ lab }: { lab: Lab }) {
  const session = useSession()
  const token = useRef<string>(undefined)
  const { data, reconnect, stop, ...state } = useWire(
    ({ resumeFrom }) =>
      fromEventSource(lab.url('/sse/ticks'), {
        ...tickOptions(lab),
        stallTimeoutMs: 3_000,
        resumeFrom,
        // Uses one token until the server refuses it, then requests a new one.
        headers: async ({ cause }) => {
          if (cause instanceof HttpError && cause.status === 401) token.current = undefined
          token.current ??= await lab.token()
          return { authorization: `Bearer ${token.current}` }
        },
      }).pipe(session.watch()),
    { initial: emptyLedger, fold: addTick },
  )
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <PricePanel {...data} />
      </section>
      <section>
        <FaultSwitches lab={lab}>
          <HandSwitches reconnect={reconnect} stop={stop} />
        </FaultSwitches>
      </section>
      <section>
        <Timeline session={session} />
        <ErrorNotice {...state} />
      </section>
    </Card>
  )
}
