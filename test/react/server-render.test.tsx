import { renderToString } from 'react-dom/server'
import { tus } from 'rxwire'
import { useEventSource, useUpload } from 'rxwire/react'
import { expect, it } from 'vitest'
import { backend } from '../backend.ts'

it('renders idle on a server and opens nothing', async () => {
  const server = backend()
  const feedUrl = server.url('/sse/held')
  function Feed({ url }: { url: string }) {
    const { connection, data } = useEventSource(url, { keep: 3 })
    return <output>{`${connection}:${data.length}`}</output>
  }
  expect(renderToString(<Feed url={feedUrl} />)).toBe('<output>idle:0</output>')
  // A relative address is no mistake there: it is the browser's that will count.
  expect(renderToString(<Feed url="/feed" />)).toBe('<output>idle:0</output>')
  expect((await server.stats()).seen).toHaveLength(0)
})

it('renders no uploads on a server', () => {
  function Files() {
    const { uploads, upload } = useUpload('/files', { protocol: tus() })
    return <output>{`${uploads.length}:${upload}`}</output>
  }
  expect(renderToString(<Files />)).toBe('<output>0:undefined</output>')
})
