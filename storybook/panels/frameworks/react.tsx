import { createRoot } from 'react-dom/client'
import { useEventSource } from 'rxwire/react'
import { type FeedOptions, figuresOf, type MountFeed } from './feed.ts'

function Feed({ url, options }: { url: string; options: FeedOptions }) {
  const { data, connection, reconnect, stop } = useEventSource(url, options)
  return (
    <>
      <output className="badge" data-connection={connection} aria-label="Connection">
        {connection}
      </output>
      <dl className="figures">
        {figuresOf(data).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => reconnect()}>
        Reconnect
      </button>
      <button type="button" onClick={stop}>
        Stop
      </button>
    </>
  )
}

export const mountFeed: MountFeed = (container, url, options) => {
  const root = createRoot(container)
  root.render(<Feed url={url} options={options} />)
  // React must not unmount another root while it renders.
  return () => queueMicrotask(() => root.unmount())
}
