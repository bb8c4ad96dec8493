import { memo, Profiler, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useWebSocket } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { FrameGraph } from '../panels/frame-graph.tsx'
import type { Lab } from '../panels/lab.ts'
import { type Load, Meter } from '../panels/meter.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'Ten thousand messages a second'
const about =
  'A table of 500 rows and a chart, updated over a WebSocket. rxwire folds every message and renders once per frame. A store that renders each message falls behind; it stops after 8 s, so that the page stays usable. React itself batches setState.'

const SECONDS = 3_600
const ROWS = 500
const POINTS = 200
// Code that falls behind may block the page, and with it the controls. It stops after this time.
const PLAIN_MS = 8_000
const RATES = [100, 1_000, 3_000, 10_000]

/** The prices of all rows and the last points of the chart, changed in place. `last` is the last number so far. */
interface Board {
  readonly prices: number[]
  readonly points: number[]
  readonly count: number
  readonly last: number
}

const emptyBoard = (): Board => ({ prices: Array(ROWS).fill(0), points: [], count: 0, last: 0 })

function addPrice(board: Board, n: number): Board {
  board.prices[n % ROWS] = n
  board.points.push(50 + 30 * Math.sin(n / 900) + (n % 17))
  if (board.points.length > POINTS) board.points.shift()
  return { ...board, count: board.count + 1, last: n }
}

function useRxwire(url: string): Board {
  const [initial] = useState(emptyBoard)
  return useWebSocket(url, { decode: Number, initial, fold: addPrice }).data
}

/** A store that notifies React of each message, which renders it at once. */
function useStorePerMessage(url: string): Board {
  const [store] = useState(() => ({ board: emptyBoard(), listeners: new Set<() => void>() }))
  useSocket(url, (n) => {
    store.board = addPrice(store.board, n)
    for (const listener of store.listeners) listener()
  })
  return useSyncExternalStore(
    (listener) => {
      store.listeners.add(listener)
      return () => store.listeners.delete(listener)
    },
    () => store.board,
  )
}

/** React itself puts several calls of `setState` into one render. */
function useStatePerMessage(url: string): Board {
  const [board, setBoard] = useState(emptyBoard)
  useSocket(url, (n) => setBoard((before) => addPrice(before, n)))
  return board
}

function useSocket(url: string, onNumber: (n: number) => void): void {
  const latest = useRef(onNumber)
  latest.current = onNumber
  useEffect(() => {
    const socket = new WebSocket(url)
    const untilMs = performance.now() + PLAIN_MS
    socket.onmessage = ({ data }) => {
      if (performance.now() < untilMs) latest.current(Number(data))
      else socket.close()
    }
    return () => socket.close()
  }, [url])
}

const ways = {
  rxwire: useRxwire,
  'a store per message': useStorePerMessage,
  'setState per message': useStatePerMessage,
}
type Way = keyof typeof ways
const names = Object.keys(ways) as Way[]

/** Ten thousand messages a second, in a page that stays responsive. */
export function Firehose() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Hydrant lab={lab} />}
    </WithLab>
  )
}

function Hydrant({ lab }: { lab: Lab }) {
  const [perSecond, setPerSecond] = useState(100)
  const [way, setWay] = useState<Way>('rxwire')
  const [isSlow, setSlow] = useState(false)
  const run = `${way} ${perSecond} ${isSlow}`
  const { meter, url, latest } = useMemo(() => opened(lab, perSecond), [lab, perSecond, run])
  return (
    <Card title={title} about={about}>
      <section className="switches">
        <Rate perSecond={perSecond} onChange={setPerSecond} />
        <Choices label="Shown by" choices={names} chosen={way} onChoose={setWay} />
        <label>
          <input type="checkbox" checked={isSlow} onChange={({ target }) => setSlow(target.checked)} /> Renders take 4
          times as long
        </label>
      </section>
      <section>
        <Comparison key={perSecond} way={way} run={run} perSecond={perSecond} meter={meter} latest={latest} />
        <p className="label">Time per frame</p>
        <FrameGraph meter={meter} />
      </section>
      <section className="stack">
        <div className="send-box">
          <input aria-label="Type here while it runs" placeholder="Type here while it runs" />
        </div>
        <Profiler
          id="feed"
          onRender={(_, _phase, actualMs) => {
            meter.commit()
            if (isSlow) occupy(3 * actualMs)
          }}
        >
          <Feed key={run} way={way} url={url} latest={latest} />
        </Profiler>
      </section>
    </Card>
  )
}

/** Keeps the thread busy, like a slower processor. */
function occupy(ms: number): void {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs) {
    // Nothing else may run.
  }
}

type Latest = { current: Board }

/** What belongs to one connection. */
function opened(lab: Lab, perSecond: number) {
  const latest: Latest = { current: emptyBoard() }
  return { meter: new Meter(), latest, url: lab.directUrl('/ws/firehose', { perSecond, seconds: SECONDS }) }
}

function Feed({ way, url, latest }: { way: Way; url: string; latest: Latest }) {
  const board = ways[way](url)
  useEffect(() => {
    latest.current = board
  }, [board, latest])
  return <Dashboard board={board} />
}

function Dashboard({ board: { prices, points } }: { board: Board }) {
  return (
    <>
      <svg className="chart low" viewBox={`0 0 ${POINTS} 100`} preserveAspectRatio="none" role="img" aria-label="Chart">
        <polyline className="curve" points={points.map((y, x) => `${x},${y.toFixed(1)}`).join(' ')} />
      </svg>
      <ul className="prices" aria-label="500 prices">
        {prices.map((price, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are fixed.
          <Price key={row} price={price} />
        ))}
      </ul>
    </>
  )
}

const Price = memo(function Price({ price }: { price: number }) {
  return <li>{(price / 100).toFixed(2)}</li>
})

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
  readonly shown: number
  readonly behindMs: number
}

const columns = ['Shown', 'Behind', 'Input waits, p99', 'Renders / s', 'Longest frame']

/** The figures of each way. Those that do not run now keep the figures of their last run. */
function Comparison({
  way,
  run,
  perSecond,
  meter,
  latest,
}: {
  way: Way
  run: string
  perSecond: number
  meter: Meter
  latest: Readonly<Latest>
}) {
  const [rows, setRows] = useState<{ readonly [Name in Way]?: Row }>({})
  useEffect(() => {
    const stopWatching = meter.watch()
    let first: { readonly atMs: number; readonly n: number } | undefined
    const timer = setInterval(() => {
      const { count, last } = latest.current
      if (last > 0) first ??= { atMs: performance.now(), n: last }
      const hasStopped = way !== 'rxwire' && first !== undefined && performance.now() - first.atMs > PLAIN_MS
      if (hasStopped) return
      const sent = first === undefined ? 0 : first.n + ((performance.now() - first.atMs) / 1_000) * perSecond
      const row = { ...meter.load(), shown: count, behindMs: (Math.max(0, sent - last) / perSecond) * 1_000 }
      setRows((before) => ({ ...before, [way]: row }))
    }, 250)
    return () => {
      stopWatching()
      clearInterval(timer)
    }
  }, [way, run, perSecond, meter, latest])
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
          <Figures key={each} name={each} row={rows[each]} isRunning={each === way} />
        ))}
      </tbody>
    </table>
  )
}

function Figures({ name, row, isRunning }: { name: Way; row: Row | undefined; isRunning: boolean }) {
  if (row === undefined) {
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={columns.length}>not run yet</td>
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

/** The text of each column, and whether it is a bad value. */
function cellsOf({ shown, behindMs, inputDelayMs, commits, longestFrameMs }: Row): readonly [string, boolean][] {
  return [
    [shown.toLocaleString('en'), false],
    [`${(behindMs / 1_000).toFixed(1)} s`, behindMs > 1_000],
    [`${inputDelayMs} ms`, inputDelayMs > 100],
    [String(commits), false],
    [`${longestFrameMs} ms`, longestFrameMs > 100],
  ]
}
