import type { Progress } from 'rxwire'

/** How far a transfer has come, how fast it is, and when it will be over. */
export function ProgressBar({ label, progress }: { label: string; progress: Progress | undefined }) {
  const { loaded = 0, total, acknowledged, fraction, bytesPerSecond, etaMs, stalled = false } = progress ?? {}
  // Without a total nobody knows; before it has begun, everybody does.
  const share = progress === undefined ? 0 : fraction
  return (
    <div className="transfer" data-stalled={stalled}>
      <progress aria-label={label} {...(share !== undefined && { value: share })} max={1} />
      <p className="transfer-facts">
        <span className="share">{fraction !== undefined && `${Math.floor(fraction * 100)} %`}</span>
        <span>
          {megabytes(loaded)}
          {total !== undefined && ` of ${megabytes(total)}`}
        </span>
        {acknowledged !== undefined && <span>{megabytes(acknowledged)} confirmed</span>}
        <span>{stalled ? 'nothing moves' : bytesPerSecond !== undefined && `${megabytes(bytesPerSecond)}/s`}</span>
        <span>{etaMs !== undefined && fraction !== 1 && `${Math.ceil(etaMs / 1_000)} s to go`}</span>
      </p>
    </div>
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
