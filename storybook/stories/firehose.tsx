import { type ComponentType, Profiler, useEffect, useMemo, useState } from 'react'
import { useWebSocket } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { Figure } from '../panels/figure.tsx'
import { FrameGraph, Meter } from '../panels/frame-graph.tsx'
import type { Lab } from '../panels/lab.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'The firehose'
const about =
  'Numbered messages, as many a second as you like. Every one is delivered and counted, and the component commits once a frame at most: type while it runs. Then see what one setState a message does.'

const SECONDS = 3_600
const SHOWN = 24
const rates = { '100 a second': 100, '1,000': 1_000, '10,000': 10_000 }
type Rate = keyof typeof rates

/** What has come so far, and the last of it. */
interface Flood {
  readonly count: number
  readonly last: number
  readonly shown: readonly number[]
}

const NOTHING: Flood = { count: 0, last: 0, shown: [] }

function addNumber({ count, shown }: Flood, n: number): Flood {
  return { count: count + 1, last: n, shown: [...shown.slice(1 - SHOWN), n] }
}

interface FeedProps {
  readonly url: string
  readonly onFlood: (flood: Flood) => void
}

const feeds = { useWebSocket: Wired, 'useState, a message at a time': Naive }
type FeedName = keyof typeof feeds

/** Ten thousand messages a second, into a page that stays a page. */
export function Firehose() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Hydrant lab={lab} />}
    </WithLab>
  )
}

function Hydrant({ lab }: { lab: Lab }) {
  const [rate, setRate] = useState<Rate>('1,000')
  const [name, setName] = useState<FeedName>('useWebSocket')
  const meter = useMemo(() => new Meter(), [])
  const flood = useMemo(() => ({ current: NOTHING }), [])
  const Feed: ComponentType<FeedProps> = feeds[name]
  const url = lab.directUrl('/ws/firehose', { perSecond: rates[rate], seconds: SECONDS })
  return (
    <Card title={title} about={about}>
      <section className="switches">
        <Choices label="Messages" choices={Object.keys(rates) as Rate[]} chosen={rate} onChoose={setRate} />
        <Choices label="Shown by" choices={Object.keys(feeds) as FeedName[]} chosen={name} onChoose={setName} />
      </section>
      <section>
        <p className="label">How long each frame took</p>
        <FrameGraph meter={meter} />
      </section>
      <section>
        <Figures meter={meter} flood={flood} />
      </section>
      <section className="stack">
        <div className="send-box">
          <input aria-label="Type here while it runs" placeholder="Type here while it runs" />
        </div>
        <Profiler id="feed" onRender={() => meter.commit()}>
          <Feed
            key={name + url}
            url={url}
            onFlood={(next) => {
              flood.current = next
            }}
          />
        </Profiler>
      </section>
    </Card>
  )
}

function Wired({ url, onFlood }: FeedProps) {
  const { data } = useWebSocket<number, never, Flood>(url, {
    decode: Number,
    initial: NOTHING,
    fold: addNumber,
  })
  useEffect(() => onFlood(data), [data, onFlood])
  return <Numbers flood={data} />
}

/** As it is written everywhere. */
function Naive({ url, onFlood }: FeedProps) {
  const [data, setData] = useState(NOTHING)
  useEffect(() => {
    const socket = new WebSocket(url)
    socket.onmessage = ({ data }) => setData((before) => addNumber(before, Number(data)))
    return () => socket.close()
  }, [url])
  useEffect(() => onFlood(data), [data, onFlood])
  return <Numbers flood={data} />
}

function Numbers({ flood }: { flood: Flood }) {
  return (
    <ol className="drops" aria-label="The last of them">
      {flood.shown.map((n) => (
        <li key={n}>{n.toLocaleString('en')}</li>
      ))}
    </ol>
  )
}

function Figures({ meter, flood }: { meter: Meter; flood: { readonly current: Flood } }) {
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 250)
    return () => clearInterval(timer)
  }, [])
  const { count, last } = flood.current
  const longestMs = meter.longestFrameMs()
  return (
    <dl className="figures in-a-row">
      <Figure name="Delivered" value={count.toLocaleString('en')} />
      <Figure name="Lost" value={last - count} isAlarming={last !== count} />
      <Figure name="Commits a second" value={meter.commitsPerSecond()} />
      <Figure name="Longest frame" value={`${longestMs} ms`} isAlarming={longestMs > 100} />
    </dl>
  )
}
