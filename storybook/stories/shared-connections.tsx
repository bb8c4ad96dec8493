import { memo, useMemo, useState } from 'react'
import { useEventSource } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { Figure } from '../panels/figure.tsx'
import type { Lab } from '../panels/lab.ts'
import { addTick, emptyLedger } from '../panels/price-panel.tsx'
import { ServerFigures } from '../panels/server-figures.tsx'
import { tickOptions } from '../panels/tick-options.ts'
import { useFrames } from '../panels/use-frames.ts'
import { useRenderCount } from '../panels/use-render-count.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'One connection for all who share its key'
const about =
  'Add and remove components: the first one opens the connection, the last one closes it, and a late one shows the present data at once. Each component selects a part of the data. It lights up when it renders, which happens only when its part has changed.'

const lingersMs = { 'not at all': 0, 'for 3 s': 3_000 }
type Linger = keyof typeof lingersMs

/** What a component may select. The first part changes with each price, the last one rarely. */
const parts = [
  { name: 'Price', of: (price: number) => price.toFixed(2) },
  { name: 'Whole price', of: (price: number) => price.toFixed(0) },
  { name: 'Side of 100', of: (price: number) => (price < 100 ? 'below' : 'above') },
  { name: 'Highest', of: (_: number, prices: readonly number[]) => Math.max(...prices).toFixed(2) },
] as const

function partFor(id: number) {
  return parts[id % parts.length] ?? parts[0]
}

/** Decoded messages per connection, renders per component. */
interface Tally {
  messages: number
  renders: number
}

/** Components that mount and unmount, on one connection. */
export function SharedConnections() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Components lab={lab} />}
    </WithLab>
  )
}

function Components({ lab }: { lab: Lab }) {
  const [{ first, next }, setIds] = useState({ first: 0, next: 3 })
  const [linger, setLinger] = useState<Linger>('not at all')
  const tally = useMemo<Tally>(() => ({ messages: 0, renders: 0 }), [])
  const ids = Array.from({ length: next - first }, (_, index) => first + index)
  return (
    <Card title={title} about={about}>
      <section className="switches">
        <button type="button" className="primary" onClick={() => setIds({ first, next: next + 1 })}>
          Add one
        </button>
        <button type="button" disabled={first === next} onClick={() => setIds({ first: first + 1, next })}>
          Remove one
        </button>
        <button type="button" disabled={first === next} onClick={() => setIds({ first: next, next })}>
          Remove all
        </button>
        <button type="button" onClick={lab.cut}>
          Cut the connection
        </button>
        <Choices label="It lingers" choices={['not at all', 'for 3 s']} chosen={linger} onChoose={setLinger} />
      </section>
      <section>
        {ids.length === 0 && <div className="empty">No component uses the connection</div>}
        <ul className="tiles" aria-label="Components">
          {ids.map((id) => (
            <Component key={id} id={id} lab={lab} linger={linger} tally={tally} />
          ))}
        </ul>
      </section>
      <section className="side-by-side">
        <PageFigures components={ids.length} tally={tally} />
        <ServerFigures lab={lab} />
      </section>
    </Card>
  )
}

interface ComponentProps {
  readonly id: number
  readonly lab: Lab
  readonly linger: Linger
  readonly tally: Tally
}

/** Memoized: it does not render because another component was added. */
const Component = memo(function Component({ id, lab, linger, tally }: ComponentProps) {
  const part = partFor(id)
  const { decode, ...options } = tickOptions(lab)
  const { data } = useEventSource(lab.url('/sse/ticks'), {
    ...options,
    // The options of who opened a connection hold, so another linger is another connection.
    key: `ticks, lingering ${linger}`,
    lingerMs: lingersMs[linger],
    decode: (text) => {
      tally.messages += 1
      return decode(text)
    },
    initial: emptyLedger,
    fold: addTick,
    select: ({ ticks }) => {
      const prices = ticks.map(({ price }) => price)
      const last = prices.at(-1)
      return last === undefined ? undefined : part.of(last, prices)
    },
  })
  const [atFirst] = useState(data)
  const renders = useRenderCount(() => {
    tally.renders += 1
  })
  return (
    <li>
      {/* Another key with each render restarts the animation. */}
      <i key={renders} className="flash" />
      <p className="label">{part.name}</p>
      <output aria-label={`Component ${id + 1}`}>{data ?? '–'}</output>
      <p className="quiet">began with {atFirst ?? 'nothing'}</p>
      <p className="quiet">
        rendered <b>{renders === 1 ? 'once' : `${renders} times`}</b>
      </p>
    </li>
  )
})

function PageFigures({ components, tally }: { components: number; tally: Tally }) {
  useFrames()
  return (
    <div>
      <p className="label">The page</p>
      <dl className="figures in-a-row">
        <Figure name="Components" value={components} />
        <Figure name="Messages" value={tally.messages} />
        <Figure name="Renders" value={tally.renders} />
      </dl>
    </div>
  )
}
