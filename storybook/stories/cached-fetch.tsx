import { QueryClient } from '@tanstack/query-core'
import { useCallback, useEffect, useState } from 'react'
import { HttpError, json } from 'rxwire'
import { type FetchResult, useFetch, WireProvider } from 'rxwire/query/react'
import { Card, WithoutServer } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { Figure } from '../panels/figure.tsx'
import { type Lab, useLab } from '../panels/lab.ts'
import { ProgressBar } from '../panels/progress-bar.tsx'

const BYTES = 3_000_000
const BYTES_PER_SECOND = 1_500_000

const about = {
  cards:
    'Two independent components request the same url: one request, one response, one progress. A stale response is shown while it is requested again.',
  error: 'A refusal is an HttpError with its status and its text. Earlier data stays.',
}

const staleMs = { 'at once': 0, 'after 10 s': 10_000, never: Number.POSITIVE_INFINITY }
type Staleness = keyof typeof staleMs

/** Responses that are cached and shared. */
export function CachedFetch() {
  const { lab, error } = useLab()
  const [client] = useState(() => new QueryClient())
  if (error !== undefined) return <WithoutServer error={error} />
  if (lab === undefined)
    return (
      <Card title="useFetch" about={about.cards}>
        {null}
      </Card>
    )
  return (
    <WireProvider client={client}>
      <Reports lab={lab} />
    </WireProvider>
  )
}

function Reports({ lab }: { lab: Lab }) {
  const [isReady, setReady] = useState(false)
  const [stale, setStale] = useState<Staleness>('at once')
  const [isShown, setShown] = useState(true)
  const [asked, setAsked] = useState(0)
  const counting = useCallback<typeof fetch>((input, init) => {
    setAsked((before) => before + 1)
    return fetch(input, init)
  }, [])
  // A slow line first, so that there is something to see.
  useEffect(() => {
    lab.slow(BYTES_PER_SECOND).then(() => setReady(true))
  }, [lab])
  const report = { lab, staleMs: staleMs[stale], enabled: isReady, fetch: counting }
  return (
    <div className="stack">
      <Card title="useFetch" about={about.cards}>
        <section>
          <div className="side-by-side">
            {isShown && <Report title="One component" {...report} />}
            {isShown && <Report title="Another one" {...report} />}
            {!isShown && (
              <p className="empty">No component shows the report. Its response stays in the cache for five minutes.</p>
            )}
          </div>
        </section>
        <section>
          <dl className="figures in-a-row">
            <Figure name="Requests in all" value={asked} />
            <Figure name="Components" value={isShown ? 2 : 0} />
          </dl>
        </section>
        <footer className="switches">
          <Choices
            label="An answer is stale"
            choices={['at once', 'after 10 s', 'never']}
            chosen={stale}
            onChoose={setStale}
          />
          <button type="button" onClick={() => setShown(!isShown)}>
            {isShown ? 'Take both away' : 'Show both again'}
          </button>
        </footer>
      </Card>
      <Refused lab={lab} />
    </div>
  )
}

interface ReportProps {
  readonly title: string
  readonly lab: Lab
  readonly staleMs: number
  readonly enabled: boolean
  readonly fetch: typeof fetch
}

function Report({ title, lab, ...options }: ReportProps) {
  const report = useFetch(lab.url('/http/download', { bytes: BYTES }), { ...options, responseType: 'blob' })
  return (
    <div className="report" data-downloading={report.download !== undefined}>
      <header>
        <h3>{title}</h3>
        <QueryBadge label={title} {...report} />
      </header>
      <ProgressBar label={`${title}, download`} progress={report.download} />
      <p className="quiet">
        {report.data === undefined ? 'Nothing yet' : `A report of ${(report.data.size / 1_000_000).toFixed(1)} MB`}
      </p>
      <button type="button" className="primary" onClick={report.refetch}>
        Refetch
      </button>
    </div>
  )
}

function Refused({ lab }: { lab: Lab }) {
  const query = { status: 404, times: 1 }
  const { data, error, refetch, ...state } = useFetch(lab.url('/http/status', query), {
    decode: json<{ ok: boolean }>(),
  })
  return (
    <Card
      title="A refusal"
      about={about.error}
      badge={<QueryBadge label="A refusal" status={state.status} isFetching={state.isFetching} />}
    >
      <section>
        {error instanceof HttpError && (
          <p className="notice" role="alert" data-connection="failed">
            <strong>{error.status}</strong> {error.message} The server says: “{error.bodyText}”
          </p>
        )}
        {data !== undefined && <p className="quiet">Now it has answered: {JSON.stringify(data)}</p>}
        {data === undefined && error === undefined && <p className="quiet">Asking…</p>}
      </section>
      <footer className="switches">
        <button type="button" className="primary" onClick={refetch}>
          Try again
        </button>
      </footer>
    </Card>
  )
}

const looks = { pending: 'idle', error: 'failed', success: 'open' } as const

/** The state of a query, in the colours of a connection. */
function QueryBadge({
  label,
  status,
  isFetching,
}: { label: string } & Pick<FetchResult<unknown>, 'status' | 'isFetching'>) {
  return (
    <output
      className="badge"
      data-connection={isFetching ? 'connecting' : looks[status]}
      aria-label={`${label}, status`}
    >
      {isFetching ? 'fetching' : status}
    </output>
  )
}
