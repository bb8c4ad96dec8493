import { fromWebSocket, pingPong } from 'rxwire'
import { useWire } from 'rxwire/react'
import { Card, WithoutServer } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { Figure } from '../panels/figure.tsx'
import { type Lab, useLab } from '../panels/lab.ts'
import { useSession } from '../panels/session.ts'
import { Timeline } from '../panels/timeline.tsx'
import { useFrames } from '../panels/use-frames.ts'

/** The same dead connection twice: with a heartbeat and without one. */
export function HalfOpenLink() {
  const { lab, error } = useLab()
  if (error !== undefined) return <WithoutServer error={error} />
  return (
    <div className="stack">
      <div className="switches">
        <button type="button" className="primary" disabled={lab === undefined} onClick={() => lab?.halfOpen()}>
          Stop both connections silently
        </button>
        <p className="quiet">
          Like a router that has dropped their state: no close frame and no reset, so no event reports it.
        </p>
      </div>
      <div className="side-by-side">
        <Link lab={lab} title="With a heartbeat" hasHeartbeat />
        <Link lab={lab} title="Without one" />
      </div>
    </div>
  )
}

const about = {
  with: 'A ping every 2 s, and 1 s for any response. A connection without a response is replaced at once.',
  without: 'The browser reports a dead socket as open until data is sent, and for many minutes after that.',
}

function Link({ lab, title, hasHeartbeat = false }: { lab: Lab | undefined; title: string; hasHeartbeat?: boolean }) {
  const text = hasHeartbeat ? about.with : about.without
  if (lab === undefined)
    return (
      <Card title={title} about={text}>
        {null}
      </Card>
    )
  return <Ticks lab={lab} title={title} about={text} hasHeartbeat={hasHeartbeat} />
}

function Ticks({ lab, title, about, hasHeartbeat }: { lab: Lab; title: string; about: string; hasHeartbeat: boolean }) {
  const session = useSession()
  const { data, ...state } = useWire(
    () =>
      fromWebSocket(lab.url('/ws/heartbeat', { everyMs: 700, count: 1_000_000 }), {
        decode: String,
        ...(hasHeartbeat && {
          heartbeat: pingPong({
            ping: () => 'ping',
            pong: 'pong',
            everyMs: 2_000,
            timeoutMs: 1_000,
          }),
        }),
      }).pipe(session.watch()),
    {
      initial: { count: 0, atMs: Date.now() },
      fold: ({ count }) => ({ count: count + 1, atMs: Date.now() }),
    },
  )
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <dl className="figures in-a-row">
          <Figure name="Messages" value={data.count} />
          <SinceFigure atMs={data.atMs} />
        </dl>
      </section>
      <section>
        <Timeline session={session} />
      </section>
    </Card>
  )
}

function SinceFigure({ atMs }: { atMs: number }) {
  const seconds = Math.max(0, useFrames() - atMs) / 1_000
  return <Figure name="Since the last one" value={`${seconds.toFixed(1)} s`} isAlarming={seconds > 4} />
}
