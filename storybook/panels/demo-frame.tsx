import { type ReactNode, useState } from 'react'
import { Listing } from './listing.tsx'
import { Tabs } from './tabs.tsx'

/** The parameter `demo` of a story. */
export interface DemoParameters {
  /** The source of the demo. */
  readonly code: string
  /** The page about its task: its path below the pages, without `.mdx`. */
  readonly guide: string
}

const tabs = ['Demo', 'Code'] as const

/** A demo, its code, and a link to the page about it. */
export function DemoFrame({ code, guide, children }: DemoParameters & { children: ReactNode }) {
  const [tab, setTab] = useState<(typeof tabs)[number]>('Demo')
  const page = `./?path=/docs/docs-${guide.replaceAll('/', '-')}--docs`
  return (
    <Tabs
      label="Demo and code"
      tabs={tabs}
      shown={tab}
      onShow={setTab}
      aside={
        <a className="guide" href={page} target="_top">
          Guide
        </a>
      }
    >
      {tab === 'Demo' ? children : <Listing name="Code of this demo" code={code} />}
    </Tabs>
  )
}
