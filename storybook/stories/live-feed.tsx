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
  'Ticks are numbered on the server. Break the connection in any way you like: it comes back from where it was, and the count of lost and doubled ticks stays at zero.'

/** A live feed on the real server, everything that can be seen of it, and everything that can go wrong. */
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
        // A token is kept until the server refuses it; then, once, a fresh one is asked for.
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
