import type { ReactNode } from 'react'
import type { UploadItem } from 'rxwire'
import { ConnectionBadge } from './connection-badge.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ProgressBar } from './progress-bar.tsx'

/** One upload: its status, progress, error and controls. */
export function UploadRow({ name, item, children }: { name: string; item: UploadItem; children: ReactNode }) {
  const { status, progress } = item
  return (
    <li className="upload" data-status={status}>
      <header>
        <strong>{name}</strong>
        {status === 'running' || status === 'waiting' ? (
          <ConnectionBadge {...item} />
        ) : (
          <output className="badge" data-connection={badges[status]} aria-label="Connection">
            {status}
          </output>
        )}
        <span className="switches">{children}</span>
      </header>
      <ProgressBar label={name} progress={progress} isWaiting={status === 'waiting'} />
      {status !== 'done' && <ErrorNotice {...item} />}
    </li>
  )
}

/** In the colours of connections. */
const badges = {
  queued: 'idle',
  running: 'open',
  waiting: 'waiting',
  paused: 'closed',
  done: 'open',
  failed: 'failed',
  cancelled: 'closed',
}
