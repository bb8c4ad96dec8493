import { useState } from 'react'
import { type CloseVerdict, fromWebSocket, type WireState } from 'rxwire'
import { useWire } from 'rxwire/react'
import { Card, WithoutServer } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { type CloseCode, closeCodes } from '../panels/close-codes.ts'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { type Lab, useLab } from '../panels/lab.ts'
import { useSession } from '../panels/session.ts'
import { Timeline } from '../panels/timeline.tsx'

const title = 'Close codes'
const about =
  'Choose the close code that the server sends. One table decides what the engine does next, and the option closeCodes can change each row. The next connection stays open.'

const overrules = ['as the table says', 'complete', 'reconnect', 'refresh', 'fail'] as const
type Overrule = (typeof overrules)[number]

interface Choice {
  readonly code: CloseCode
  readonly overrule: Overrule
  readonly round: number
}

/** Any close code from the real server, and what the engine does next. */
export function CloseCodeExplorer() {
  const { lab, error } = useLab()
  const [chosen, setChosen] = useState<Choice>()
  const [overrule, setOverrule] = useState<Overrule>('as the table says')
  if (error !== undefined) return <WithoutServer error={error} />
  const choose = (code = chosen?.code, meaning = overrule) => {
    setOverrule(meaning)
    if (code !== undefined) setChosen({ code, overrule: meaning, round: (chosen?.round ?? 0) + 1 })
  }
  return (
    <Card title={title} about={about}>
      <section>
        <p className="label">The server closes with</p>
        <div className="codes">
          {closeCodes.map((each) => (
            <button
              key={each.code}
              type="button"
              disabled={lab === undefined}
              aria-current={each === chosen?.code}
              onClick={() => choose(each)}
            >
              <b>{each.code}</b> {each.meaning}
            </button>
          ))}
        </div>
        <Choices
          label="and this code means"
          choices={overrules}
          chosen={overrule}
          onChoose={(meaning) => choose(undefined, meaning)}
        />
      </section>
      {lab !== undefined && chosen !== undefined && <Outcome key={chosen.round} lab={lab} {...chosen} />}
    </Card>
  )
}

function Outcome({ lab, code: { code, why }, overrule, round }: Choice & { lab: Lab }) {
  const session = useSession()
  const closeCodesOf = overrule === 'as the table says' ? {} : { [code]: overrule satisfies CloseVerdict }
  const state = useWire(() =>
    // The server says goodbye once in a round, and stays after that.
    fromWebSocket(lab.url('/ws/closes', { code, times: 1, hold: 1, round }), { closeCodes: closeCodesOf }).pipe(
      session.watch(),
    ),
  )
  return (
    <section>
      <div className="outcome" data-connection={state.connection}>
        <output aria-label="What the engine does">{decisionOf(state)}</output>
        <ConnectionBadge {...state} />
        <p>{overrule === 'as the table says' ? why : `Overruled: closeCodes: { ${code}: '${overrule}' }`}</p>
      </div>
      <Timeline session={session} />
      <ErrorNotice {...state} />
    </section>
  )
}

function decisionOf({ connection, error, attempt }: WireState<unknown>): string {
  switch (connection) {
    case 'closed':
      return 'It completes.'
    case 'failed':
      return error?.kind === 'auth' ? 'It fails: fresh credentials were refused, too.' : 'It fails.'
    case 'waiting':
      return 'It will reconnect.'
    case 'open':
      return attempt > 0 ? 'It has reconnected.' : 'It is connected.'
    default:
      return 'It connects.'
  }
}
