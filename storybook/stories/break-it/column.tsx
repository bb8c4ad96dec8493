import { type ReactNode, useEffect, useState } from 'react'
import type { Counts } from './account.ts'
import type { FaultBoard } from './fault-board.ts'
import { sentenceOf } from './sentence.ts'
import type { Side } from './side.ts'

const EVERY_MS = 200

/** One of the two columns: its counters, what it shows, and one sentence about its connection. */
export function Column({
  name,
  side,
  board,
  format,
  children,
}: {
  name: string
  side: Side
  board: FaultBoard
  format: (count: number) => string
  children: ReactNode
}) {
  const { counts, connection, sentence } = useLooks(side, board)
  return (
    <section className="card column" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <span className="badge" data-connection={connection}>
          {connection}
        </span>
      </header>
      <dl className="figures in-a-row">
        {(Object.keys(labels) as (keyof Counts)[]).map((key) => (
          <div key={key}>
            <dt>{labels[key]}</dt>
            <dd title={labels[key]} data-alarm={key !== 'received' && format(counts[key]) !== format(0)}>
              {format(counts[key])}
            </dd>
          </div>
        ))}
      </dl>
      <div className="picture">{children}</div>
      <p className="sentence" role="status">
        {sentence}
      </p>
    </section>
  )
}

const labels: Readonly<Record<keyof Counts, string>> = { received: 'Received', lost: 'Lost', duplicates: 'Duplicates' }

/** Looks at a column a few times a second: it changes with each message. */
function useLooks(side: Side, board: FaultBoard) {
  const look = () => ({
    counts: side.counts(board.healthySinceMs),
    connection: side.status?.connection ?? 'idle',
    sentence: sentenceOf(side),
  })
  const [seen, setSeen] = useState(look)
  useEffect(() => {
    const timer = setInterval(() => setSeen(look()), EVERY_MS)
    return () => clearInterval(timer)
  }, [side, board])
  return seen
}
