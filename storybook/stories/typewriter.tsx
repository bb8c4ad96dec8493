import { useState } from 'react'
import { fromFetchStream, json, sse } from 'rxwire'
import { useFetchStream } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import type { Lab } from '../panels/lab.ts'
import { useSession } from '../panels/session.ts'
import { Timeline } from '../panels/timeline.tsx'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'An answer, word by word'
const about =
  'One POST, and an answer that is shown while it arrives. An answer that breaks off fails the wire, the words received so far stay, and the request is never repeated by itself.'

const fates = {
  'arrives complete': {},
  'ends too early': { truncate: 14 },
  'breaks off': { drop: 14 },
  'reports an error': { errorAfter: 14 },
}
type Fate = keyof typeof fates

/** An answer of a language model, and how it may break off. */
export function Typewriter() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Answer lab={lab} />}
    </WithLab>
  )
}

function Answer({ lab }: { lab: Lab }) {
  const session = useSession()
  const [fate, setFate] = useState<Fate>('arrives complete')
  const { data, start, stop, ...state } = useFetchStream(
    (how: Fate) =>
      fromFetchStream(lab.url('/stream/answer', { words: 61, everyMs: 70, tale: 1, ...fates[how] }), {
        method: 'POST',
        json: { prompt: 'Tell me of the lighthouse.' },
        decode: sse({ decode: json<{ text?: string; error?: string }>() }),
        endMarker: '[DONE]',
        failsWhen: ({ data: { error } }) => error,
      }).pipe(session.watch()),
    { initial: '', fold: (tale, { data: { text = '' } }) => tale + text },
  )
  const isArriving = state.connection === 'connecting' || state.connection === 'open'
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <blockquote className="tale" aria-label="Answer" aria-busy={isArriving}>
          {state.connection === 'idle' ? (
            <span className="quiet">Press Ask for a story about a lighthouse.</span>
          ) : (
            data
          )}
        </blockquote>
        <ErrorNotice {...state} />
      </section>
      <section className="switches">
        <button type="button" className="primary" onClick={() => start(fate)}>
          Ask
        </button>
        <button type="button" disabled={!isArriving} onClick={stop}>
          Stop
        </button>
        <Choices label="and the answer" choices={Object.keys(fates) as Fate[]} chosen={fate} onChoose={setFate} />
      </section>
      <section>
        <Timeline session={session} />
      </section>
    </Card>
  )
}
