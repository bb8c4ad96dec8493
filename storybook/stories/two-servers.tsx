import { useState } from 'react'
import { fromEventSource, json } from 'rxwire'
import { usePoll, useWire } from 'rxwire/react'
import type { Tick } from '../../test/server/prices.ts'
import type { TwoServersState } from '../../test/server/two-servers.ts'
import { Card, WithoutServer } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { addTick, emptyLedger, PricePanel } from '../panels/price-panel.tsx'
import { useSession } from '../panels/session.ts'
import { Timeline } from '../panels/timeline.tsx'

const title = 'Two servers, one feed'
const about =
  'Two processes serve one log behind one address. Kill the process that serves this page: the connection is lost, the other process continues after the last tick, and the killed one starts again.'

const control = '/wire/two-servers'

/** A feed that survives the death of its server. */
export function TwoServers() {
  const { data, error } = usePoll(control, { decode: json<TwoServersState>(), everyMs: 500 })
  if (data !== undefined) return <Feed {...data} />
  if (error !== undefined) return <WithoutServer error={error} />
  return (
    <Card title={title} about={about}>
      <section>
        <div className="empty">Two servers are starting</div>
      </section>
    </Card>
  )
}

function Feed({ url, servers }: TwoServersState) {
  const session = useSession()
  const [openedBy, setOpenedBy] = useState<string>()
  const { data, connection, ...state } = useWire(
    ({ resumeFrom }) => fromEventSource(url, { decode: json<Tick>(), resumeFrom }).pipe(session.watch()),
    {
      initial: emptyLedger,
      fold: addTick,
      onOpen: ({ headers }) => setOpenedBy(headers?.get('x-server') ?? undefined),
    },
  )
  const serving = connection === 'open' ? openedBy : undefined
  return (
    <Card title={title} about={about} badge={<ConnectionBadge connection={connection} {...state} />}>
      <section className="side-by-side">
        <Servers servers={servers} serving={serving} />
        <div>
          <p className="label">Break it</p>
          <div className="switches">
            <button
              type="button"
              className="primary"
              disabled={serving === undefined}
              onClick={() => fetch(`${control}?kill=${serving}`, { method: 'POST' })}
            >
              Kill the server of this page
            </button>
          </div>
        </div>
      </section>
      <section>
        <PricePanel {...data} />
      </section>
      <section>
        <Timeline session={session} />
        <ErrorNotice connection={connection} {...state} />
      </section>
    </Card>
  )
}

function Servers({ servers, serving }: Pick<TwoServersState, 'servers'> & { serving: string | undefined }) {
  return (
    <ul className="tiles" aria-label="Servers">
      {servers.map(({ name, pid, kills }) => (
        <li key={name} aria-current={name === serving}>
          <p className="label">Server {name}, process</p>
          <output aria-label={`Server ${name}`}>{pid ?? 'killed'}</output>
          <p className="quiet">
            {name === serving ? 'serves this page' : pid === undefined ? 'starts again' : 'ready'}
          </p>
          <p className="quiet">
            {kills === 0 ? 'not killed yet' : `killed ${kills === 1 ? 'once' : `${kills} times`}`}
          </p>
        </li>
      ))}
    </ul>
  )
}
