import { useCallback, useState } from 'react'
import { flushSync } from 'react-dom'
import { json } from 'rxwire'
import { usePoll } from 'rxwire/react'
import { AnswerStrip, type SeenAnswer } from '../panels/answer-strip.tsx'
import { Card, WithoutServer } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { Figure } from '../panels/figure.tsx'
import { HandSwitches } from '../panels/hand-switches.tsx'
import { type Lab, useLab } from '../panels/lab.ts'
import { Steps } from '../panels/steps.tsx'

const title = 'A parcel that is asked after'
const about =
  'Polling is cheap if the server sends an ETag: an unchanged state is a 304 without a body, and the data stays the same object.'

const steps = ['Ordered', 'Packed', 'On the ship', 'At the depot', 'On the van', 'Delivered']
const intervalsMs = { '0.5 s': 500, '2 s': 2_000, '10 s': 10_000 }
type Interval = keyof typeof intervalsMs

/** A state on a server, polled. */
export function Polling() {
  const { lab, error } = useLab()
  if (error !== undefined) return <WithoutServer error={error} />
  if (lab === undefined)
    return (
      <Card title={title} about={about}>
        {null}
      </Card>
    )
  return <Parcel lab={lab} />
}

function Parcel({ lab }: { lab: Lab }) {
  const [every, setEvery] = useState<Interval>('0.5 s')
  const { answers, fetch } = useAnswers()
  const { data, reconnect, stop, ...state } = usePoll(lab.url('/poll/state', { changes: 6 }), {
    decode: json<{ version: number }>(),
    everyMs: intervalsMs[every],
    fetch,
  })
  const choose = (interval: Interval) => {
    flushSync(() => setEvery(interval))
    // A changed interval starts another poll, which continues from the ETag.
    reconnect()
  }
  const counted = (kind: SeenAnswer['kind']) => answers.filter((answer) => answer.kind === kind).length
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <Steps label="Parcel" steps={steps} at={data && data.version % steps.length} />
      </section>
      <section>
        <dl className="figures in-a-row">
          <Figure name="Asked" value={answers.length} />
          <Figure name="Unchanged (304)" value={counted('unchanged')} />
          <Figure name="New (200)" value={counted('new')} />
          <Figure name="Failed (503)" value={counted('failed')} isAlarming={state.connection === 'waiting'} />
        </dl>
      </section>
      <section>
        <AnswerStrip answers={answers} />
        <ErrorNotice {...state} />
      </section>
      <section>
        <div className="switches">
          <Choices label="Ask every" choices={['0.5 s', '2 s', '10 s']} chosen={every} onChoose={choose} />
          <button type="button" onClick={() => lab.unavailable(4_000, 2)}>
            Server down 4 s
          </button>
          <span className="by-hand">
            <HandSwitches reconnect={reconnect} stop={stop} />
          </span>
        </div>
      </section>
      <footer>
        <p className="quiet">
          Switch to another tab: a hidden page does not poll. It polls at once when it is shown again.
        </p>
      </footer>
    </Card>
  )
}

/** A `fetch` that records the status of each response. */
function useAnswers() {
  const [answers, setAnswers] = useState<readonly SeenAnswer[]>([])
  const counting = useCallback<typeof fetch>(async (input, init) => {
    const response = await fetch(input, init)
    const kind = response.status === 304 ? 'unchanged' : response.ok ? 'new' : 'failed'
    setAnswers((before) => [...before, { id: before.length, kind }])
    return response
  }, [])
  return { answers, fetch: counting }
}
