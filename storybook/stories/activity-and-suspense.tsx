import { Activity, Suspense, useState } from 'react'
import { fromEventSource, type WireError } from 'rxwire'
import { useEventSource, useSuspenseWire } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorBoundary } from '../panels/error-boundary.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import type { Lab } from '../panels/lab.ts'
import { addTick, emptyLedger, PricePanel } from '../panels/price-panel.tsx'
import { PriceSkeleton } from '../panels/price-skeleton.tsx'
import { ServerFigures } from '../panels/server-figures.tsx'
import { Tabs } from '../panels/tabs.tsx'
import { tickOptions } from '../panels/tick-options.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'Hidden by Activity, awaited by Suspense'
const about =
  'A hidden tab keeps its data and closes its connection. When it is shown again, it resumes from its cursor. The other tab suspends until its first message; a failure or a timeout is thrown to its error boundary.'

const tabs = ['Activity', 'Suspense'] as const

/** How the server responds to the component that suspends. */
const answers = {
  'answers at once': { path: '/sse/ticks', query: {} },
  'takes 2 s': { path: '/sse/ticks', query: { afterMs: 2_000 } },
  'is silent': { path: '/sse/held', query: {} },
  refuses: { path: '/sse/status', query: { status: 404 } },
}
type Answer = keyof typeof answers

/** Two tabs, each with its own record on the server. */
export function ActivityAndSuspense() {
  return (
    <WithLab title={title} about={about}>
      {(hideable) => (
        <WithLab title={title} about={about}>
          {(awaited) => <TwoTabs hideable={hideable} awaited={awaited} />}
        </WithLab>
      )}
    </WithLab>
  )
}

function TwoTabs({ hideable, awaited }: { hideable: Lab; awaited: Lab }) {
  const [tab, setTab] = useState<(typeof tabs)[number]>('Activity')
  const [answer, setAnswer] = useState<Answer>('takes 2 s')
  return (
    <Card title={title} about={about}>
      <Tabs label="Panels" tabs={tabs} shown={tab} onShow={setTab}>
        <Activity mode={tab === 'Activity' ? 'visible' : 'hidden'}>
          <Hideable lab={hideable} />
        </Activity>
        {tab === 'Suspense' && <Awaited lab={awaited} answer={answer} onChoose={setAnswer} />}
      </Tabs>
      <section className="side-by-side">
        <ServerFigures label="The server of the tab under Activity" lab={hideable} />
        <ServerFigures label="The server of the tab under Suspense" lab={awaited} />
      </section>
    </Card>
  )
}

/** The component has no code for being hidden. */
function Hideable({ lab }: { lab: Lab }) {
  const { data, ...state } = useEventSource(lab.url('/sse/ticks'), {
    ...tickOptions(lab),
    initial: emptyLedger,
    fold: addTick,
  })
  return (
    <div className="stack">
      <ConnectionBadge {...state} />
      <PricePanel {...data} />
      <ErrorNotice {...state} />
    </div>
  )
}

interface AwaitedProps {
  readonly lab: Lab
  readonly answer: Answer
  readonly onChoose: (answer: Answer) => void
}

/** Mounts and unmounts with its tab. */
function Awaited({ lab, answer, onChoose }: AwaitedProps) {
  return (
    <div className="stack">
      <Choices
        label="The server"
        choices={['answers at once', 'takes 2 s', 'is silent', 'refuses']}
        chosen={answer}
        onChoose={onChoose}
      />
      <ErrorBoundary key={answer} fallback={(error, retry) => <Failed error={error} retry={retry} />}>
        <Suspense fallback={<Suspended />}>
          <Price lab={lab} {...answers[answer]} />
        </Suspense>
      </ErrorBoundary>
    </div>
  )
}

function Price({ lab, path, query }: { lab: Lab; path: string; query: Readonly<Record<string, number>> }) {
  const url = lab.url(path, query)
  const { data, ...state } = useSuspenseWire(
    ({ resumeFrom }) => fromEventSource(url, { ...tickOptions(lab), resumeFrom }),
    { key: url, timeoutMs: 3_000, initial: emptyLedger, fold: addTick },
  )
  return (
    <>
      <ConnectionBadge {...state} />
      <PricePanel {...data} />
    </>
  )
}

function Suspended() {
  return (
    <>
      <output className="badge" data-connection="connecting" aria-label="Connection">
        suspended
      </output>
      <PriceSkeleton />
    </>
  )
}

function Failed({ error, retry }: { error: WireError; retry: () => void }) {
  return (
    <>
      <output className="badge" data-connection="failed" aria-label="Connection">
        failed
      </output>
      <div className="failed">
        <ErrorNotice connection="failed" error={error} />
        <button type="button" className="primary" onClick={retry}>
          Retry
        </button>
      </div>
    </>
  )
}
