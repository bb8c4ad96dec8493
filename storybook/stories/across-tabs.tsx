import { useMemo, useState } from 'react'
import { Card } from '../panels/card.tsx'
import type { Lab } from '../panels/lab.ts'
import { ServerFigures } from '../panels/server-figures.tsx'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'One connection for three tabs'
const about =
  'Each frame is a page of its own. One of them has the connection and posts its messages to the others. Freeze it, crash it, or hide it: another one takes over, and no tick is missing.'

/** Three frames, each with one tab. */
export function AcrossTabs() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => (
        <Card title={title} about={about}>
          <section className="tiles tabs-in-frames">
            {['First', 'Second', 'Third'].map((name) => (
              <TabFrame key={name} name={name} lab={lab} />
            ))}
          </section>
          <section>
            <ServerFigures lab={lab} />
          </section>
        </Card>
      )}
    </WithLab>
  )
}

/** A frame that may be ended without any of its code running, as by a crash. */
function TabFrame({ name, lab }: { name: string; lab: Lab }) {
  const [isOpen, setOpen] = useState(true)
  const page = useMemo(() => pageOf(name, lab), [name, lab])
  return (
    <section aria-label={`${name} tab`}>
      {isOpen ? (
        <iframe title={`${name} tab`} srcDoc={page} width="100%" height="170" />
      ) : (
        <p className="notice">This tab has crashed.</p>
      )}
      <button type="button" onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Crash' : 'Open again'}
      </button>
    </section>
  )
}

function pageOf(name: string, lab: Lab): string {
  const script = new URL('./across-tabs-frame.ts', import.meta.url).href
  const figure = (title: string) => `${title}: <output title="${title}"></output><br>`
  return `<!doctype html>
    <style>:root { color-scheme: light dark } body { font: 14px/1.6 system-ui }</style>
    <body data-source="${escaped(lab.directUrl('/sse/ticks'))}" data-token="${escaped(lab.directUrl('/lab/token'))}">
      <strong>${name}</strong> <output title="role"></output><br>
      ${['connection', 'ticks', 'missing'].map(figure).join('')}
      <script type="module" src="${escaped(script)}"></script>`
}

function escaped(url: string): string {
  return url.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
