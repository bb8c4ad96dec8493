import { act, cleanup, render, screen } from '@testing-library/react'
import { Activity, StrictMode, useMemo } from 'react'
import { fromFetchStream, sse } from 'rxwire'
import { useWire } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { expectText, hasActivity } from './support.tsx'

afterEach(cleanup)

/** Sends an unsafe request when it mounts. */
function Answer({ url }: { url: string }) {
  const wire = useMemo(() => fromFetchStream(url, { method: 'POST', decode: sse(), endMarker: '[DONE]' }), [url])
  const { data, connection, error, reconnect } = useWire(wire, { keep: 10 })
  return (
    <>
      <output aria-label="answer">{`${connection}:${data.length}:${error?.kind}`}</output>
      <button type="button" onClick={reconnect}>
        reconnect
      </button>
      <button type="button" onClick={() => reconnect({ repeat: true })}>
        repeat
      </button>
    </>
  )
}

it('[law] 13: sends an unsafe request once under StrictMode, and again only with repeat: true', async () => {
  const server = backend()
  render(<Answer url={server.url('/stream/answer', { words: 2 })} />, { wrapper: StrictMode })
  await expectText('answer', 'closed:2:undefined')
  act(() => screen.getByText('reconnect').click())
  await expectText('answer', 'failed:2:unrepeatable')
  expect((await server.stats()).seen).toHaveLength(1)
  act(() => screen.getByText('repeat').click())
  await expectText('answer', 'closed:4:undefined')
  expect((await server.stats()).seen).toHaveLength(2)
})

it.runIf(hasActivity)('[law] 13: does not send an unsafe request again when Activity shows it again', async () => {
  const server = backend()
  const url = server.url('/stream/answer', { words: 1_000, everyMs: 10 })
  const page = (mode: 'visible' | 'hidden') => (
    <Activity mode={mode}>
      <Answer url={url} />
    </Activity>
  )
  const { rerender } = render(page('visible'))
  await expectText('answer', /^open:[1-9]/)
  rerender(page('hidden'))
  await server.expectNoConnections()
  rerender(page('visible'))
  await expectText('answer', /^failed:\d+:unrepeatable/)
  expect((await server.stats()).seen).toHaveLength(1)
})
