import { type ComponentType, memo, Profiler, useEffect, useMemo, useState } from 'react'
import { useEventSource, useWebSocket } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { FrameGraph } from '../panels/frame-graph.tsx'
import type { Lab } from '../panels/lab.ts'
import { type Load, Meter } from '../panels/meter.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'The firehose'
const about =
  'Numbered messages, as many a second as you like. Every one reaches the fold, and the component renders once a frame at most: type while it runs. Then see what one setState a message does.'

const SECONDS = 3_600
const SHOWN = 24
const RATES = [10, 30, 100, 300, 1_000, 3_000, 10_000]

/** What has come so far, and the last of it. */
interface Flood {
  readonly count: number
  readonly last: number
  readonly shown: readonly number[]
}

const nothing: Flood = { count: 0, last: 0, shown: [] }

function addNumber({ count, shown }: Flood, n: number): Flood {
  return { count: count + 1, last: n, shown: [...shown.slice(1 - SHOWN), n] }
}

interface FeedProps {
  readonly address: (path: string) => string
  readonly onCommit: (flood: Flood) => void
}

const folding = { decode: Number, initial: nothing, fold: addNumber }

function SocketFeed({ address, onCommit }: FeedProps) {
  return <Numbers flood={useWebSocket(address('/ws/firehose'), folding).data} onCommit={onCommit} />
}

function EventFeed({ address, onCommit }: FeedProps) {
  return <Numbers flood={useEventSource(address('/sse/firehose'), folding).data} onCommit={onCommit} />
}

/** As it is written everywhere. */
function NaiveFeed({ address, onCommit }: FeedProps) {
  const [flood, setFlood] = useState(nothing)
  const url = address('/ws/firehose')
  useEffect(() => {
    const socket = new WebSocket(url)
    socket.onmessage = ({ data }) => setFlood((before) => addNumber(before, Number(data)))
    return () => socket.close()
  }, [url])
  return <Numbers flood={flood} onCommit={onCommit} />
}

const feeds = { useEventSource: EventFeed, useWebSocket: SocketFeed, 'useState a message': NaiveFeed }
type FeedName = keyof typeof feeds
const names = Object.keys(feeds) as FeedName[]

/** Ten thousand messages a second, into a page that stays a page. */
export function Firehose() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Hydrant lab={lab} />}
    </WithLab>
  )
}

function Hydrant({ lab }: { lab: Lab }) {
  const [perSecond, setPerSecond] = useState(100)
  const [name, setName] = useState<FeedName>('useEventSource')
  const { meter, address, onCommit, latest } = useMemo(() => opened(lab, perSecond), [lab, perSecond, name])
  const Feed: ComponentType<FeedProps> = feeds[name]
  return (
    <Card title={title} about={about}>
      <section className="switches">
        <Rate perSecond={perSecond} onChange={setPerSecond} />
        <Choices label="Shown by" choices={names} chosen={name} onChoose={setName} />
      </section>
      <section>
        <p className="label">How long each frame took</p>
        <FrameGraph meter={meter} />
      </section>
      <section>
        <Comparison name={name} perSecond={perSecond} meter={meter} latest={latest} />
      </section>
      <section className="stack">
        <div className="send-box">
          <input aria-label="Type here while it runs" placeholder="Type here while it runs" />
        </div>
        <Profiler key={name + perSecond} id="feed" onRender={() => meter.commit(latest.current.count)}>
          <Feed address={address} onCommit={onCommit} />
        </Profiler>
      </section>
    </Card>
  )
}

/** What belongs to one opening of the hydrant. */
function opened(lab: Lab, perSecond: number) {
  const latest = { current: nothing }
  return {
    meter: new Meter(),
    latest,
    address: (path: string) => lab.directUrl(path, { perSecond, seconds: SECONDS }),
    onCommit: (flood: Flood) => {
      latest.current = flood
    },
  }
}

function Rate({ perSecond, onChange }: { perSecond: number; onChange: (perSecond: number) => void }) {
  return (
    <label className="rate">
      <span className="label">Messages a second</span>
      <input
        type="range"
        max={RATES.length - 1}
        value={RATES.indexOf(perSecond)}
        onChange={({ target }) => onChange(RATES[target.valueAsNumber] ?? perSecond)}
      />
      <output>{perSecond.toLocaleString('en')}</output>
    </label>
  )
}

interface Row extends Load {
  readonly perSecond: number
  readonly delivered: number
  readonly lost: number
}

const columns = ['Delivered', 'Lost', 'Commits / s', 'Longest frame', 'Blocked']

/** The last figures of each, one below the other: what is not running now keeps those of its last time. */
const Comparison = memo(function Comparison({
  name,
  perSecond,
  meter,
  latest,
}: {
  name: FeedName
  perSecond: number
  meter: Meter
  latest: { readonly current: Flood }
}) {
  const [rows, setRows] = useState<{ readonly [Name in FeedName]?: Row }>({})
  useEffect(() => {
    const stopWatching = meter.watch()
    const timer = setInterval(() => {
      const { count, last } = latest.current
      const row = { ...meter.load(), perSecond, delivered: count, lost: last - count }
      setRows((before) => ({ ...before, [name]: row }))
    }, 250)
    return () => {
      stopWatching()
      clearInterval(timer)
    }
  }, [name, perSecond, meter, latest])
  return (
    <table className="comparison">
      <thead>
        <tr>
          {['Shown by', ...columns].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((each) => (
          <Figures key={each} name={each} row={rows[each]} isRunning={each === name} />
        ))}
      </tbody>
    </table>
  )
})

function Figures({ name, row, isRunning }: { name: FeedName; row: Row | undefined; isRunning: boolean }) {
  if (row === undefined) {
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={columns.length}>not yet run</td>
      </tr>
    )
  }
  return (
    <tr data-running={isRunning} aria-current={isRunning}>
      <th scope="row">{name}</th>
      {cellsOf(row).map(([text, isAlarming], index) => (
        <td key={columns[index]} data-name={columns[index]} data-alarm={isAlarming}>
          {text}
        </td>
      ))}
    </tr>
  )
}

/** A cell for each column, and whether it should be looked at. */
function cellsOf({ delivered, lost, commits, longestFrameMs, blockedMs }: Row): readonly [string, boolean][] {
  return [
    [delivered.toLocaleString('en'), false],
    [lost.toLocaleString('en'), lost > 0],
    [String(commits), false],
    [`${longestFrameMs} ms`, longestFrameMs > 100],
    [`${Math.round(blockedMs / 10)} %`, blockedMs > 200],
  ]
}

function Numbers({ flood, onCommit }: { flood: Flood; onCommit: (flood: Flood) => void }) {
  useEffect(() => onCommit(flood), [flood, onCommit])
  return (
    <ol className="drops" aria-label="The last of them">
      {flood.shown.map((n) => (
        <li key={n}>{n.toLocaleString('en')}</li>
      ))}
    </ol>
  )
}
