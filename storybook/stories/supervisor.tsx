import { useState } from 'react'
import { fromEventSource, type ReconnectPolicy } from 'rxwire'
import { useWire } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import type { Lab } from '../panels/lab.ts'
import { PageSwitches } from '../panels/page-switches.tsx'
import { addTick, emptyLedger, PricePanel } from '../panels/price-panel.tsx'
import { useSession } from '../panels/session.ts'
import { SignalLog } from '../panels/signal-log.tsx'
import { tickOptions } from '../panels/tick-options.ts'
import { Timeline } from '../panels/timeline.tsx'
import { WithLab } from '../panels/with-lab.tsx'

type WhileHidden = NonNullable<ReconnectPolicy['whileHidden']>

const title = 'The life of a page'
const about =
  'Pages are hidden, frozen and restored, and machines sleep. Each signal parks the engine, makes it check the connection, or makes it retry at once. No signal ends the feed or counts as a failure, and no tick is lost.'

/** A live feed, the signals of its page, and what the engine does after each. */
export function Supervisor() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <ChosenFeed lab={lab} />}
    </WithLab>
  )
}

function ChosenFeed({ lab }: { lab: Lab }) {
  const [whileHidden, setWhileHidden] = useState<WhileHidden>('reconnect')
  return <Feed key={whileHidden} lab={lab} whileHidden={whileHidden} onChoose={setWhileHidden} />
}

interface FeedProps {
  readonly lab: Lab
  readonly whileHidden: WhileHidden
  readonly onChoose: (whileHidden: WhileHidden) => void
}

function Feed({ lab, whileHidden, onChoose }: FeedProps) {
  const session = useSession()
  const { data, ...state } = useWire(
    ({ resumeFrom }) =>
      fromEventSource(lab.url('/sse/ticks'), {
        ...tickOptions(lab),
        resumeFrom,
        reconnect: { whileHidden },
      }).pipe(session.watch()),
    { initial: emptyLedger, fold: addTick },
  )
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <PricePanel {...data} />
      </section>
      <section>
        <PageSwitches lab={lab} />
        <p className="quiet">
          The buttons only say so; nothing is really hidden or frozen. The real thing looks the same: go to another tab
          for a while, follow a link and come back, or close the lid.
        </p>
      </section>
      <section>
        <Choices
          label="What is lost while the page is hidden"
          choices={['reconnect', 'wait']}
          chosen={whileHidden}
          onChoose={onChoose}
        />
      </section>
      <section>
        <SignalLog session={session} />
      </section>
      <section>
        <Timeline session={session} />
        <ErrorNotice {...state} />
      </section>
    </Card>
  )
}
