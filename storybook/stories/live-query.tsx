import { notifyManager, QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query'
import { ReactQueryDevtoolsPanel } from '@tanstack/react-query-devtools/production'
import { useCallback, useState, useSyncExternalStore } from 'react'
import { fromEventSource } from 'rxwire'
import { type LiveQueryOptions, liveQueryOptions } from 'rxwire/query'
import { Card } from '../panels/card.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { Figure } from '../panels/figure.tsx'
import type { Lab } from '../panels/lab.ts'
import { addTick, emptyLedger, type Ledger, PricePanel } from '../panels/price-panel.tsx'
import { ServerFigures, shownCursor } from '../panels/server-figures.tsx'
import { tickOptions } from '../panels/tick-options.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'A live query in your cache'
const about =
  'Two components observe one query and share its connection. It closes with the last observer. A new observer finds the data in the cache, and the connection resumes from its cursor.'

const queryKey = ['ticks'] as const

/** A live query with two observers, its entry in the cache, and its connections on the server. */
export function LiveQuery() {
  const [client] = useState(() => new QueryClient())
  return (
    <WithLab title={title} about={about}>
      {(lab) => (
        <QueryClientProvider client={client}>
          <Ticks lab={lab} />
        </QueryClientProvider>
      )}
    </WithLab>
  )
}

function ticksOf(lab: Lab): LiveQueryOptions<Ledger, Ledger, typeof queryKey> {
  return liveQueryOptions({
    queryKey,
    wire: ({ resumeFrom }) =>
      fromEventSource(lab.url('/sse/ticks'), {
        ...tickOptions(lab),
        resumeFrom,
      }),
    initial: emptyLedger,
    fold: addTick,
  })
}

function Ticks({ lab }: { lab: Lab }) {
  const client = useQueryClient()
  const [hasCurve, setCurve] = useState(true)
  const [hasList, setList] = useState(true)
  const [hasDevtools, setDevtools] = useState(false)
  return (
    <Card title={title} about={about}>
      <section className="side-by-side">
        <div>
          <p className="label">One observer</p>
          {hasCurve ? <Curve lab={lab} /> : <div className="empty">Not mounted</div>}
        </div>
        <div>
          <p className="label">Another observer</p>
          {hasList ? <List lab={lab} /> : <div className="empty">Not mounted</div>}
        </div>
      </section>
      <section className="switches">
        <button type="button" onClick={() => setCurve(!hasCurve)}>
          {hasCurve ? 'Unmount the one' : 'Mount the one'}
        </button>
        <button type="button" onClick={() => setList(!hasList)}>
          {hasList ? 'Unmount the other' : 'Mount the other'}
        </button>
        <button type="button" onClick={() => client.invalidateQueries({ queryKey })}>
          Invalidate
        </button>
        <button type="button" onClick={lab.cut}>
          Cut the connection
        </button>
        {/* Their production entry: it is there whatever the environment is called. */}
        <button type="button" aria-expanded={hasDevtools} onClick={() => setDevtools(!hasDevtools)}>
          TanStack's devtools
        </button>
      </section>
      <section>
        <Entry />
      </section>
      <section>
        <ServerFigures lab={lab} />
      </section>
      {hasDevtools && (
        <section style={{ overflowX: 'auto' }}>
          <ReactQueryDevtoolsPanel style={{ height: 360, border: '1px solid var(--line)', borderRadius: 10 }} />
        </section>
      )}
    </Card>
  )
}

function Curve({ lab }: { lab: Lab }) {
  const { data = emptyLedger, error } = useQuery(ticksOf(lab))
  return (
    <>
      <PricePanel {...data} />
      <ErrorNotice connection="failed" error={error ?? undefined} />
    </>
  )
}

function List({ lab }: { lab: Lab }) {
  const { data = emptyLedger } = useQuery(ticksOf(lab))
  return (
    <ol className="lines" aria-label="Last ticks">
      {data.ticks
        .slice(-8)
        .toReversed()
        .map(({ n, price }) => (
          <li key={n}>
            <span>{n}</span>
            <span>{price.toFixed(2)}</span>
          </li>
        ))}
    </ol>
  )
}

/** The entry of the cache. */
function Entry() {
  const cache = useQueryClient().getQueryCache()
  const subscribe = useCallback((tell: () => void) => cache.subscribe(notifyManager.batchCalls(tell)), [cache])
  const find = () => cache.find<{ cursor?: string }>({ queryKey })
  const state = useSyncExternalStore(subscribe, () => find()?.state)
  const observers = useSyncExternalStore(subscribe, () => find()?.getObserversCount() ?? 0)
  return (
    <>
      <p className="label">The entry in the cache</p>
      <dl className="figures in-a-row">
        <Figure name="Status" value={state?.status ?? '–'} />
        <Figure name="Fetch status" value={state?.fetchStatus ?? '–'} />
        <Figure name="Observers" value={observers} />
        <Figure name="Cursor" value={shownCursor(state?.data?.cursor)} />
      </dl>
    </>
  )
}
