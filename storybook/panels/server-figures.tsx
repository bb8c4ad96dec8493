import { json } from 'rxwire'
import { usePoll } from 'rxwire/react'
import { Figure } from './figure.tsx'
import type { Lab } from './lab.ts'

interface Stats {
  readonly open: number
  readonly seen: readonly { readonly lastEventId?: string }[]
}

/** The connections of a story, as the server counts them. */
export function ServerFigures({ lab, label = 'The server' }: { lab: Lab; label?: string }) {
  const { data } = usePoll(lab.directUrl('/lab/stats'), { decode: json<Stats>(), everyMs: 500 })
  return (
    <div>
      <p className="label">{label}</p>
      <dl className="figures in-a-row" aria-label={label}>
        <Figure name="Open connections" value={data?.open ?? '–'} />
        <Figure name="Connections so far" value={data?.seen.length ?? '–'} />
        <Figure name="Last resumed after" value={shownCursor(data?.seen.at(-1)?.lastEventId)} />
      </dl>
    </div>
  )
}

/** The number in an offset of the log: how many ticks there were. */
export function shownCursor(cursor: string | undefined): string | number {
  return cursor === undefined ? '–' : Number(cursor.split('_')[1])
}
