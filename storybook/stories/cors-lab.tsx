import { useState } from 'react'
import { fromFetch } from 'rxwire'
import { useFetchStream } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import type { Lab } from '../panels/lab.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'Another origin'
const about =
  'The page and the server have different origins. Browsers hide from scripts why a request was refused. The error names the likely cause and the headers to check.'

interface CorsCase {
  readonly asks: { readonly credentials?: RequestCredentials; readonly headers?: Readonly<Record<string, string>> }
  /** The CORS headers of the server, and the query that makes it send them. */
  readonly says: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

const cases = {
  allowed: {
    asks: {},
    query: { allow: '*' },
    says: { 'Access-Control-Allow-Origin': '*' },
  },
  'not allowed': {
    asks: {},
    query: {},
    says: {},
  },
  'with cookies': {
    asks: { credentials: 'include' },
    query: { allow: 'origin', credentials: '1' },
    says: { 'Access-Control-Allow-Origin': 'the page’s origin', 'Access-Control-Allow-Credentials': 'true' },
  },
  'cookies, but for anyone': {
    asks: { credentials: 'include' },
    query: { allow: '*' },
    says: { 'Access-Control-Allow-Origin': '*' },
  },
  'a header that the preflight refuses': {
    asks: { headers: { 'x-tenant': '7' } },
    query: { allow: '*' },
    says: { 'Access-Control-Allow-Origin': '*' },
  },
  'a header that it allows': {
    asks: { headers: { 'x-tenant': '7' } },
    query: { allow: '*', headers: 'x-tenant' },
    says: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'x-tenant' },
  },
} satisfies Readonly<Record<string, CorsCase>>
type CaseName = keyof typeof cases

/** Which requests a browser allows between two origins, and what the error of a refused one says. */
export function CorsLab() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Asking lab={lab} />}
    </WithLab>
  )
}

function Asking({ lab }: { lab: Lab }) {
  const [chosen, setChosen] = useState<CaseName>()
  const {
    data,
    start,
    stop: _,
    ...state
  } = useFetchStream((name: CaseName) =>
    fromFetch(lab.url('/http/cors', cases[name].query), { ...cases[name].asks, retry: false }),
  )
  const choose = (name: CaseName) => {
    setChosen(name)
    start(name)
  }
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <Choices label="Ask" choices={Object.keys(cases) as CaseName[]} chosen={chosen} onChoose={choose} />
      </section>
      {chosen !== undefined && <BothSides {...cases[chosen]} />}
      <section>
        {data !== undefined && (
          <output className="verdict" aria-label="Answer">
            The page may read it: {JSON.stringify(data)}
          </output>
        )}
        {data === undefined && state.error === undefined && <p className="quiet">Choose, and it is asked.</p>}
        <ErrorNotice {...state} />
      </section>
    </Card>
  )
}

function BothSides({ asks, says }: CorsCase) {
  const { credentials = 'same-origin', headers } = asks
  return (
    <section className="side-by-side">
      <div>
        <p className="label">The page asks</p>
        <Headers lines={{ credentials, ...headers }} />
      </div>
      <div>
        <p className="label">The server says of other origins</p>
        <Headers lines={says} />
      </div>
    </section>
  )
}

function Headers({ lines }: { lines: Readonly<Record<string, string>> }) {
  const entries = Object.entries(lines)
  if (entries.length === 0) return <p className="quiet">nothing</p>
  return (
    <dl className="headers">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
