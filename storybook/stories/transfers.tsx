import { useEffect, useState } from 'react'
import { fromFetch, fromXhr, type Progress, tapProgress, type Wire } from 'rxwire'
import { useFetchStream } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import type { Lab } from '../panels/lab.ts'
import { ProgressBar } from '../panels/progress-bar.tsx'
import { WithLab } from '../panels/with-lab.tsx'

const BYTES = 12_000_000
const BYTES_PER_SECOND = 4_000_000
const about = {
  download: 'A download with fetch. The total is shown if the server states it and the body is not compressed.',
  upload: 'An upload with XMLHttpRequest: fetch does not report upload progress.',
}

/** A download and an upload over a slow network, which can be stalled. */
export function Transfers() {
  return (
    <div className="stack">
      <Transfer
        title="A download"
        direction="download"
        about={about.download}
        ask={(url) => fromFetch(url('/http/download', { bytes: BYTES }), { responseType: 'blob' })}
      />
      <Transfer
        title="An upload"
        direction="upload"
        about={about.upload}
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
  readonly ask: (url: Lab['url']) => Wire<unknown>
}

/** Each has a network of its own. */
function Transfer(props: TransferProps) {
  return (
    <WithLab title={props.title} about={props.about}>
      {(lab) => <Running lab={lab} {...props} />}
    </WithLab>
  )
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
  // `connecting` lasts until the response, and the body of an upload is sent before.
  const isSending = direction === 'upload' && state.connection === 'connecting' && shown !== undefined
  const isRunning = state.connection === 'connecting' || state.connection === 'open'
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} {...(isSending && { label: 'sending' })} />}>
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
          {isHeld ? 'End the stall' : 'Stall it'}
        </button>
      </footer>
    </Card>
  )
}
