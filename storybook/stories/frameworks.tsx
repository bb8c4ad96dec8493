import { useEffect, useRef, useState } from 'react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import type { MountFeed } from '../panels/frameworks/feed.ts'
import { mountFeed as inReact } from '../panels/frameworks/react.tsx'
import { mountFeed as inSignals } from '../panels/frameworks/signals.ts'
import { mountFeed as inSolid } from '../panels/frameworks/solid.ts'
import { mountFeed as inSvelte } from '../panels/frameworks/svelte.ts'
import { mountFeed as inVue } from '../panels/frameworks/vue.ts'
import type { Lab } from '../panels/lab.ts'
import { addTick, emptyLedger } from '../panels/price-panel.tsx'
import { tickOptions } from '../panels/tick-options.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'One feed in five frameworks'
const about =
  'Each framework renders the feed with its own adapter. They share one key, so the connection and its data outlive a switch: no tick is lost, and none is counted twice. Angular is not here, because it would bring its compiler into the page.'

const frameworks = { React: inReact, Vue: inVue, Svelte: inSvelte, Solid: inSolid, 'Preact signals': inSignals }
const names = Object.keys(frameworks) as (keyof typeof frameworks)[]

/** A live feed whose framework can be switched. */
export function Frameworks() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <Switch lab={lab} />}
    </WithLab>
  )
}

function Switch({ lab }: { lab: Lab }) {
  const [name, setName] = useState(names[0])
  return (
    <Card title={title} about={about}>
      <section>
        <Choices label="Framework" choices={names} chosen={name} onChoose={setName} />
      </section>
      <section>{name && <Feed key={name} lab={lab} mount={frameworks[name]} />}</section>
      <section>
        <button type="button" onClick={lab.cut}>
          Cut the connection
        </button>
      </section>
    </Card>
  )
}

/** An element that a framework renders into. */
function Feed({ lab, mount }: { lab: Lab; mount: MountFeed }) {
  const container = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (container.current === null) return undefined
    return mount(container.current, lab.url('/sse/ticks'), {
      ...tickOptions(lab),
      key: 'frameworks',
      lingerMs: 1_000,
      initial: emptyLedger,
      fold: addTick,
    })
  }, [lab, mount])
  return <div ref={container} />
}
