import { useMemo, useRef, useState } from 'react'
import { lastValueFrom } from 'rxjs'
import { createRun, fromEventSource, fromFetch, json, messages, type Run } from 'rxwire'
import { type AiSdkChunk, aiSdkStream } from 'rxwire/models'
import { useRun } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import type { Lab } from '../panels/lab.ts'
import { Markdown } from '../panels/markdown.tsx'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'A model answer'
const about =
  'The server produces the answer on its own and keeps it in a log. The page starts it once, detaches and attaches again where it was, and stops it. Every token is shown once.'

const fates = {
  'is complete': {},
  'fails after the tool call': { errorAfter: 24 },
}
type Fate = keyof typeof fates

const chat = aiSdkStream()

/** The recorded answers of the demo server. */
function answersOf(lab: Lab): Run<Fate, AiSdkChunk> {
  const at = (runId: string, query = {}) => lab.url(`/runs/${runId}`, query)
  return createRun({
    start: (fate: Fate, { runId }) =>
      lastValueFrom(fromFetch(at(runId, { everyMs: 40, ...fates[fate] }), { method: 'POST' }).pipe(messages())),
    resume: ({ runId, resumeFrom }) =>
      fromEventSource(at(runId), {
        resumeFrom,
        decode: json<AiSdkChunk>(),
        endsWhen: ({ type }) => type === 'finish',
        failsWhen: chat.failsWhen,
      }),
    stop: ({ runId }) => fromFetch(at(runId), { method: 'DELETE' }),
  })
}

interface Answer {
  readonly text: string
  readonly tools: readonly string[]
}

const nothing: Answer = { text: '', tools: [] }

function withChunk({ text, tools }: Answer, chunk: AiSdkChunk): Answer {
  const { type, toolName, input, output } = chunk
  if (type === 'tool-input-available') return { text, tools: [...tools, `${toolName} ← ${JSON.stringify(input)}`] }
  if (type === 'tool-output-available') return { text, tools: [...tools, `→ ${JSON.stringify(output)}`] }
  return { text: text + chat.textOf(chunk), tools }
}

/** An answer that outlives its page. */
export function ModelAnswer() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Site lab={lab} />}
    </WithLab>
  )
}

/** A site whose page may be left, and reloaded: then only the storage of the session knows the answer. */
function Site({ lab }: { lab: Lab }) {
  const id = useRef(crypto.randomUUID()).current
  const [visit, setVisit] = useState(0)
  const [isShown, setShown] = useState(true)
  // Another run is what a reloaded page has. It shares nothing with the one before.
  const run = useMemo(() => answersOf(lab), [lab, visit])
  return (
    <Card title={title} about={about}>
      {isShown ? <Page key={visit} run={run} id={id} /> : <p className="quiet">Another page of the site.</p>}
      <section className="switches">
        <button type="button" onClick={() => setShown(!isShown)}>
          {isShown ? 'Leave' : 'Return'}
        </button>
        <button type="button" onClick={() => setVisit(visit + 1)}>
          Reload
        </button>
        <button type="button" onClick={() => lab.cut()}>
          Cut the connection
        </button>
      </section>
    </Card>
  )
}

function Page({ run, id }: { run: Run<Fate, AiSdkChunk>; id: string }) {
  const [fate, setFate] = useState<Fate>('is complete')
  const { data, start, stop, ...state } = useRun(run, {
    id,
    persist: 'session',
    initial: nothing,
    fold: withChunk,
    publishEveryMs: 50,
  })
  const isArriving = state.connection === 'connecting' || state.connection === 'open' || state.connection === 'waiting'
  return (
    <>
      <section>
        <ConnectionBadge {...state} />
        <ul aria-label="Tools" className="quiet">
          {data.tools.map((tool) => (
            <li key={tool}>
              <code>{tool}</code>
            </li>
          ))}
        </ul>
        <article className="tale" aria-label="Answer" aria-busy={isArriving}>
          <Markdown text={data.text} />
        </article>
        <ErrorNotice {...state} />
      </section>
      <section className="switches">
        <button type="button" className="primary" onClick={() => start(fate)}>
          Ask for the tides
        </button>
        <button type="button" disabled={!isArriving} onClick={() => void stop()}>
          Stop
        </button>
        <Choices label="and the answer" choices={Object.keys(fates) as Fate[]} chosen={fate} onChoose={setFate} />
      </section>
    </>
  )
}
