import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { json, type Progress } from 'rxwire'
import { type UseXhrOptions, useXhr, type XhrResult } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'

afterEach(cleanup)

interface Echo {
  readonly method: string
  readonly bodyLength: number
  readonly bodyText?: string
}

type Seen = XhrResult<Echo>

/** Shows the state, and passes the result of the hook to `onRender`. */
function Sender({
  url,
  onRender,
  ...options
}: { url: string; onRender?: (seen: Seen) => void } & UseXhrOptions<Echo, 'json'>) {
  const seen = useXhr(url, { decode: json<Echo>(), ...options })
  onRender?.(seen)
  const { connection, data, error } = seen
  return (
    <>
      <output aria-label="state">{`${connection}:${data?.bodyText}:${error?.kind}`}</output>
      <button type="button" onClick={() => seen.start()}>
        start
      </button>
      <button type="button" onClick={() => seen.start('another')}>
        start with another
      </button>
      <button type="button" onClick={seen.stop}>
        stop
      </button>
    </>
  )
}

function press(name: string): void {
  act(() => screen.getByText(name).click())
}

async function expectText(text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText('state').textContent)).toMatch(text)
}

it('sends no request before start, and one for each start', async () => {
  const server = backend()
  render(<Sender url={server.url('/http/echo')} method="POST" body="the one" />, { wrapper: StrictMode })
  await expectText('idle:undefined')
  expect((await server.stats()).seen).toHaveLength(0)
  press('start')
  await expectText('closed:the one')
  press('start')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  await expectText('closed:the one')
})

it('sends the argument of start instead of the body or json option', async () => {
  const server = backend()
  const url = server.url('/http/echo')
  const { rerender } = render(<Sender url={url} method="POST" body="the one" />)
  press('start with another')
  await expectText('closed:another')
  rerender(<Sender url={url} method="PUT" json={{ of: 'the options' }} />)
  press('start with another')
  await expect.poll(() => act(async () => (await server.stats()).seen.length)).toBe(2)
  press('start')
  await expectText('closed:{"of":"the options"}')
  expect((await server.stats()).seen.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT'])
})

it('reports the upload progress, with a fraction that never decreases', async () => {
  const server = backend()
  const uploads: Progress[] = []
  let start: Seen['start'] = () => {}
  const note = ({ upload, ...seen }: Seen) => {
    start = seen.start
    if (upload !== undefined && upload !== uploads.at(-1)) uploads.push(upload)
  }
  render(<Sender url={server.url('/http/echo')} method="POST" onRender={note} />)
  act(() => start(new Blob([new Uint8Array(2_000_000)])))
  await expectText('closed')
  const fractions = uploads.map(({ fraction = Number.NaN }) => fraction)
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
  expect(uploads.at(-1)).toMatchObject({ direction: 'upload', loaded: 2_000_000, total: 2_000_000, fraction: 1 })
})

it('reports the download progress, and resets it on the next start', async () => {
  const server = backend()
  const downloads: (Progress | undefined)[] = []
  function Download() {
    const { data, download, start } = useXhr(
      server.url('/http/download', { bytes: 300_000, bytesPerSecond: 1_000_000 }),
      {
        responseType: 'blob',
      },
    )
    if (download !== downloads.at(-1)) downloads.push(download)
    return (
      <>
        <output aria-label="state">{data?.size}</output>
        <button type="button" onClick={() => start()}>
          start
        </button>
      </>
    )
  }
  render(<Download />, { wrapper: StrictMode })
  press('start')
  await expectText('300000')
  const loaded = downloads.map((download) => download?.loaded)
  expect(loaded.length).toBeGreaterThan(2)
  expect(downloads.at(-1)).toMatchObject({ direction: 'download', loaded: 300_000, total: 300_000, fraction: 1 })
  press('start')
  await expect.poll(() => act(async () => downloads.at(-1)?.loaded)).not.toBe(300_000)
  await expectText('300000')
  expect(downloads.slice(loaded.length)).toContain(undefined)
})

it('aborts the request on stop, on the next start and when it unmounts', async () => {
  const server = backend()
  const url = server.url('/http/held')
  const { unmount } = render(<Sender url={url} method="POST" />, { wrapper: StrictMode })
  press('start')
  await expectText('open')
  press('stop')
  await expectText('closed')
  await server.expectNoConnections()
  press('start')
  await expectText('open')
  press('start')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(3)
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  unmount()
  await server.expectNoConnections()
})

it('shows an HTTP error, and recovers on the next start', async () => {
  const server = backend()
  render(<Sender url={server.url('/http/status', { status: 403, times: 1 })} method="POST" />)
  press('start')
  await expectText('failed:undefined:http')
  press('start')
  await expectText('closed:undefined:undefined')
})

it('throws for invalid options during render, and for an invalid body at start', () => {
  const originalError = console.error
  console.error = () => {}
  expect(() => render(<Sender url="http://[" />)).toThrow(TypeError)
  let start: Seen['start'] = () => {}
  render(<Sender url="/file" onRender={(seen) => (start = seen.start)} />)
  expect(() => start('a body')).toThrow(/body needs a method/)
  console.error = originalError
})

it('sends no request when stop follows start in the same tick, and clears the previous result', async () => {
  const server = backend()
  let seen: Seen | undefined
  render(<Sender url={server.url('/http/echo')} method="POST" onRender={(now) => (seen = now)} />, {
    wrapper: StrictMode,
  })
  press('start with another')
  await expectText('closed:another')
  expect(seen?.upload).toBeDefined()
  act(() => {
    seen?.start('the one')
    seen?.stop()
  })
  await expectText('closed:undefined')
  expect(seen?.upload).toBe(undefined)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('aborts the running request at once on the next start, even with lingerMs', async () => {
  const server = backend()
  render(<Sender url={server.url('/http/held')} method="POST" lingerMs={60_000} />, { wrapper: StrictMode })
  press('start')
  await expectText('open')
  press('start')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  await expect.poll(async () => (await server.stats()).open).toBe(1)
})
