import { useEffect, useState } from 'react'
import { fromFetch, fromXhr, type Progress, tapProgress, type Wire } from 'rxwire'
import { useFetchStream } from 'rxwire/react'
import { Card, WithoutServer } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { type Lab, useLab } from '../panels/lab.ts'
import { ProgressBar } from '../panels/progress-bar.tsx'

const BYTES = 24_000_000
const BYTES_PER_SECOND = 4_000_000
const about = {
  download: 'fetch, and how much of the body has come. The total is told only where it is honestly known.',
  upload: 'XHR, because fetch does not tell how much of a body has gone.',
}

/** A file down and a file up, over a line that one can hold. */
export function Transfers() {
  const { lab, error } = useLab()
  if (error !== undefined) return <WithoutServer error={error} />
  return (
    <div className="stack">
      <Transfer
        title="A download"
        direction="download"
        about={about.download}
        lab={lab}
        ask={(url) => fromFetch(url('/http/download', { bytes: BYTES }), { responseType: 'blob' })}
      />
      <Transfer
        title="An upload"
        direction="upload"
        about={about.upload}
        lab={lab}
        ask={(url) => fromXhr(url('/http/echo'), { method: 'POST', body: new Blob([new Uint8Array(BYTES)]) })}
      />
    </div>
  )
}

interface TransferProps {
  readonly title: string
  /** Whose progress is shown. The response to an upload would reset the bar. */
  readonly direction: Progress['direction']
  readonly about: string
  readonly lab: Lab | undefined
  readonly ask: (url: Lab['url']) => Wire<unknown>
}

function Transfer({ lab, ...props }: TransferProps) {
  if (lab === undefined)
    return (
      <Card title={props.title} about={props.about}>
        {null}
      </Card>
    )
  return <Running lab={lab} {...props} />
}

function Running({ title, direction, about, lab, ask }: TransferProps & { lab: Lab }) {
  const [shown, show] = useState<Progress>()
  const [isHeld, setHeld] = useState(false)
  const { start, stop, ...state } = useFetchStream(() =>
    ask(lab.url).pipe(
      tapProgress((progress) => {
        if (progress.direction === direction) show(progress)
      }),
    ),
  )
  useEffect(() => {
    lab.slow(BYTES_PER_SECOND)
  }, [lab])
  const hold = async () => {
    await lab.stall(!isHeld)
    setHeld(!isHeld)
  }
  const isRunning = state.connection === 'connecting' || state.connection === 'open'
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <ProgressBar label={title} progress={shown} />
        <ErrorNotice {...state} />
      </section>
      <footer className="switches">
        <button type="button" className="primary" onClick={() => start()}>
          {state.connection === 'idle' ? 'Start' : 'Start again'}
        </button>
        <button type="button" disabled={!isRunning} onClick={stop}>
          Stop
        </button>
        <button type="button" aria-pressed={isHeld} onClick={hold}>
          Hold the line
        </button>
      </footer>
    </Card>
  )
}
