import { useEffect, useState } from 'react'
import { connectionAfter, type SeenEvent, type Session, shortCause } from './session.ts'
import { useFrames } from './use-frames.ts'

/** A signal of the page, with its time. */
interface Signal {
  readonly id: number
  readonly atMs: number
  readonly said: string
  /** Whether a button of the story dispatched it. */
  readonly isPretended: boolean
}

const KEEP = 40
// Some signals take a moment to have a consequence, and those of one moment have it in common.
const CONSEQUENCE_MS = 1_000
const SAME_MOMENT_MS = 20

/** The signals of the page, the latest first, with what the engine did after each. */
export function SignalLog({ session }: { session: Session }) {
  const signals = useSignals()
  useFrames()
  return (
    <>
      <p className="label">What the page was told, and what came of it</p>
      {signals.length === 0 && <div className="empty">Nothing yet</div>}
      <ol className="log" aria-label="Signals" hidden={signals.length === 0}>
        {signals.toReversed().map((signal, index, all) => {
          const done = consequences(session.events, signal, all[index - 1])
          const last = done.at(-1)
          return (
            <li key={signal.id} data-connection={last && connectionAfter(last)}>
              <time>{new Date(signal.atMs).toISOString().slice(14, 22)}</time>
              <b>{signal.said}</b>
              <span>
                {signal.isPretended ? 'pretended · ' : ''}
                {done.length === 0 ? 'left alone' : done.map(inShort).join(' → ')}
              </span>
            </li>
          )
        })}
      </ol>
    </>
  )
}

/** The changes of the connection between this signal and the next one. */
function consequences(events: readonly SeenEvent[], { atMs }: Signal, next: Signal | undefined): SeenEvent[] {
  const untilMs = Math.min(atMs + CONSEQUENCE_MS, (next?.atMs ?? Number.POSITIVE_INFINITY) - SAME_MOMENT_MS)
  return events.filter(
    (seen) => connectionAfter(seen) !== undefined && seen.atMs >= atMs - SAME_MOMENT_MS && seen.atMs < untilMs,
  )
}

function inShort(seen: SeenEvent): string {
  return seen.event.type === 'waiting' ? `waiting (${shortCause(seen.event)})` : seen.event.type
}

/** Listens to the page itself, not through the library. */
function useSignals(): readonly Signal[] {
  const [signals, setSignals] = useState<readonly Signal[]>([])
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const see = ({ type, isTrusted }: Event) => {
      const said = type === 'visibilitychange' ? document.visibilityState : type
      const seen = { atMs: Date.now(), said, isPretended: !isTrusted }
      setSignals((before) => [...before, { ...seen, id: (before.at(-1)?.id ?? 0) + 1 }].slice(-KEEP))
    }
    for (const type of ['online', 'offline', 'pagehide', 'pageshow']) addEventListener(type, see, { signal })
    for (const type of ['visibilitychange', 'freeze', 'resume']) document.addEventListener(type, see, { signal })
    return () => controller.abort()
  }, [])
  return signals
}
