import type { Progress } from 'rxwire'

/** The progress of a transfer: its bar, its size, its rate and the time left. */
export function ProgressBar({
  label,
  progress,
  isWaiting = false,
}: {
  label: string
  progress: Progress | undefined
  /** Whether there is no connection, so that rate and time left have no meaning. */
  isWaiting?: boolean
}) {
  const { loaded = 0, total, acknowledged, fraction, bytesPerSecond, etaMs, stalled = false } = progress ?? {}
  const isMoving = !stalled && !isWaiting && fraction !== 1
  return (
    <div className="transfer" data-stalled={stalled || isWaiting}>
      <TransferBar label={label} sent={loaded} confirmed={acknowledged} total={progress === undefined ? 1 : total} />
      <p className="transfer-facts">
        <span className="share">{fraction !== undefined && `${Math.floor(fraction * 100)} %`}</span>
        <span>
          {megabytes(loaded)}
          {total !== undefined && ` of ${megabytes(total)}`}
        </span>
        {acknowledged !== undefined && <span>{megabytes(acknowledged)} confirmed</span>}
        <span>{stalled && !isWaiting && 'no progress'}</span>
        <span>{isMoving && bytesPerSecond !== undefined && `${megabytes(bytesPerSecond)}/s`}</span>
        <span>{isMoving && etaMs !== undefined && `${Math.ceil(etaMs / 1_000)} s left`}</span>
      </p>
    </div>
  )
}

/** A bar: solid for what the receiver has confirmed, pale for what was sent. Striped while the total is unknown. */
export function TransferBar({
  label,
  sent,
  confirmed,
  total,
}: {
  label: string
  sent: number
  /** Absent if nothing is confirmed before the end: then what was sent is solid. */
  confirmed: number | undefined
  total: number | undefined
}) {
  if (total === undefined) return <div className="bar" role="progressbar" aria-label={label} data-unknown />
  const percent = (bytes: number) => (total === 0 ? 100 : (100 * bytes) / total)
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent(sent))}
      aria-valuetext={`${Math.floor(percent(sent))} % sent, ${Math.floor(percent(confirmed ?? sent))} % confirmed`}
    >
      <i className="sent" style={{ width: `${percent(sent)}%` }} />
      <i className="confirmed" style={{ width: `${percent(confirmed ?? sent)}%` }} />
    </div>
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
