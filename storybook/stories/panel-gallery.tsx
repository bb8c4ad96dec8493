import { useState } from 'react'
import type { WireState } from 'rxwire'
import { Card } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { SendBox } from '../panels/send-box.tsx'

const connections = ['idle', 'connecting', 'open', 'waiting', 'closed', 'failed'] as const

/** The small panels, side by side. */
export function PanelGallery({ onSend }: { onSend: (text: string) => void }) {
  const [retryAt] = useState(() => Date.now() + 60_000)
  return (
    <Card title="Panels" about="What the demos are made of. Each stands in storybook/panels.">
      <section>
        <p className="label">Connection badge</p>
        <div className="switches">
          {connections.map((connection) => (
            <ConnectionBadge key={connection} {...stateOf(connection, retryAt)} />
          ))}
        </div>
      </section>
      <section>
        <p className="label">Send box</p>
        <SendBox label="Say something" onSend={onSend} />
      </section>
    </Card>
  )
}

function stateOf(connection: (typeof connections)[number], retryAt: number): Omit<WireState<unknown>, 'data'> {
  return {
    connection,
    attempt: connection === 'waiting' ? 2 : 0,
    retryAt: connection === 'waiting' ? retryAt : undefined,
    close: undefined,
    error: undefined,
    parked: undefined,
    gaps: 0,
    progress: {},
    cursor: undefined,
  }
}
