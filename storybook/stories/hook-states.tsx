import { json } from 'rxwire'
import { useEventSource } from 'rxwire/react'
import type { Tick } from '../../test/server/prices.ts'
import { Card } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { HandSwitches } from '../panels/hand-switches.tsx'
import type { Lab } from '../panels/lab.ts'
import { WithLab } from '../panels/with-lab.tsx'

interface HookStateProps {
  /** Which scenario of the server to connect to. */
  readonly path: string
  readonly about: string
}

/** A component around `useEventSource`, against a server that behaves in one particular way. */
export function HookState({ path, about }: HookStateProps) {
  return (
    <WithLab title="useEventSource" about={about}>
      {(lab) => <Ticker lab={lab} path={path} about={about} />}
    </WithLab>
  )
}

function Ticker({ lab, path, about }: HookStateProps & { lab: Lab }) {
  const { data, reconnect, stop, ...state } = useEventSource(lab.url(path), {
    decode: json<Tick>(),
    keep: 8,
    headers: async () => ({ authorization: `Bearer ${await lab.token()}` }),
  })
  return (
    <Card title="useEventSource" about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        {data.length === 0 && state.error === undefined && <div className="empty">{emptyText[state.connection]}</div>}
        {data.length > 0 && (
          <ol className="lines" aria-label="Messages">
            {data.toReversed().map(({ n, price }) => (
              <li key={n}>
                <span>tick {n}</span> <span>{price.toFixed(2)}</span>
              </li>
            ))}
          </ol>
        )}
        <ErrorNotice {...state} />
      </section>
      <footer className="switches">
        <HandSwitches reconnect={reconnect} stop={stop} />
      </footer>
    </Card>
  )
}

const emptyText = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  open: 'Connected. Nothing has been sent yet.',
  waiting: 'Will try again',
  closed: 'The server had nothing to send',
  failed: '',
}
