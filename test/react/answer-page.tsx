import { lastValueFrom } from 'rxjs'
import { createRun, fromEventSource, fromFetch, json, messages, type Run } from 'rxwire'
import { type AiSdkChunk, aiSdkStream } from 'rxwire/models'
import { useRun } from 'rxwire/react'

const chat = aiSdkStream()

/** The run of a server whose answers are at this URL, with the name in place of `:runId`. */
export function runAt(url: string): Run<string, AiSdkChunk> {
  const at = (runId: string) => url.replace(':runId', runId)
  return createRun({
    start: (prompt: string, { runId }) =>
      lastValueFrom(fromFetch(at(runId), { method: 'POST', body: prompt }).pipe(messages())),
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

/** Shows an answer, with buttons that start and stop it. It outlives a reload. */
export function AnswerPage({
  run,
  id,
  label = 'answer',
}: {
  run: Run<string, AiSdkChunk>
  id: string
  label?: string
}) {
  const { data, connection, error, start, stop } = useRun(run, {
    id,
    persist: 'session',
    initial: '',
    fold: (text, chunk) => text + chat.textOf(chunk),
  })
  return (
    <>
      <output aria-label={label}>{`${connection}|${data}|${error?.kind}`}</output>
      <button type="button" onClick={() => start('Why?')}>
        start {label}
      </button>
      <button type="button" onClick={() => void stop()}>
        stop {label}
      </button>
    </>
  )
}
