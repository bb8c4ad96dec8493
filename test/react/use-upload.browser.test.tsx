import { act, cleanup, render, screen } from '@testing-library/react'
import { Activity, type ReactNode, StrictMode } from 'react'
import { createUploadQueue, tus, type UploadQueue } from 'rxwire'
import { type UploadResult, useUpload } from 'rxwire/react'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { KIB, MIB, seededFile, sentTo } from '../contract/uploads.ts'
import { quick } from '../quick.ts'
import { hasActivity } from './support.tsx'

afterEach(cleanup)

const options = { protocol: tus(), chunkBytes: 128 * KIB, reconnect: quick }

/** Shows the uploads, with a button for each action. */
function List({ uploads, upload, pause, resume, cancel, remove, children }: UploadResult & { children?: ReactNode }) {
  return (
    <>
      <output aria-label="uploads">{uploads.map(({ status }) => status).join(' ')}</output>
      <output aria-label="last">{`${upload?.status}:${upload?.progress?.acknowledged ?? 0}`}</output>
      <button type="button" onClick={() => pause()}>
        pause
      </button>
      <button type="button" onClick={() => resume()}>
        resume
      </button>
      <button type="button" onClick={() => cancel()}>
        cancel
      </button>
      <button type="button" onClick={() => remove()}>
        remove
      </button>
      {children}
    </>
  )
}

interface FilesProps {
  readonly url: string
  readonly files: readonly File[]
  readonly concurrency?: number
  readonly onRender?: (result: UploadResult) => void
}

function Files({ url, files, concurrency, onRender }: FilesProps) {
  const result = useUpload(url, { ...options, concurrency })
  onRender?.(result)
  return (
    <List {...result}>
      <button type="button" onClick={() => result.start(files)}>
        start
      </button>
    </List>
  )
}

/** Files in an `Activity`. Hiding it runs the cleanup of its effects and keeps its state. */
function Hideable({ mode, ...files }: FilesProps & { mode: 'visible' | 'hidden' }) {
  return (
    <Activity mode={mode}>
      <Files {...files} />
    </Activity>
  )
}

function Given({ queue }: { queue: UploadQueue }) {
  return <List {...useUpload(queue)} />
}

function press(name: string): void {
  act(() => screen.getByText(name).click())
}

async function expectText(name: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText(name).textContent)).toMatch(text)
}

/** An upload url behind a slow proxy, so that a test can act while an upload runs. */
async function slow(server: Backend) {
  const proxy = await server.proxy()
  await proxy.order({ bytesPerSecond: 2 * MIB })
  return { proxy, url: proxy.url('/upload/tus'), hurry: () => proxy.order({ bytesPerSecond: null }) }
}

async function createdAt(server: Backend): Promise<number> {
  return (await sentTo(server)).filter((sent) => sent.startsWith('POST')).length
}

it('uploads the files that start is called with, and sends nothing before', async () => {
  const server = backend()
  const files = [seededFile(KIB), seededFile(KIB)]
  render(<Files url={server.url('/upload/tus')} files={files} />, { wrapper: StrictMode })
  await expectText('uploads', /^$/)
  await expectText('last', 'undefined:0')
  expect(await sentTo(server)).toEqual([])
  press('start')
  await expectText('uploads', 'done done')
  await expectText('last', `done:${KIB}`)
  expect(await createdAt(server)).toBe(2)
})

it('pauses, resumes, cancels and removes', async () => {
  const server = backend()
  const { url, hurry } = await slow(server)
  render(<Files url={url} files={[seededFile(2 * MIB)]} />, { wrapper: StrictMode })
  press('start')
  await expectText('last', /^running:[1-9]/)
  press('pause')
  await expectText('uploads', 'paused')
  await server.expectNoConnections()
  press('resume')
  await expectText('uploads', 'running')
  press('cancel')
  await expectText('uploads', 'cancelled')
  await hurry()
  await expect.poll(() => sentTo(server)).toContain('DELETE 0 bytes')
  press('remove')
  await expectText('uploads', /^$/)
  expect(await createdAt(server)).toBe(1)
})

it('pauses when it unmounts', async () => {
  const server = backend()
  const { url } = await slow(server)
  const { unmount } = render(<Files url={url} files={[seededFile(2 * MIB)]} />, { wrapper: StrictMode })
  press('start')
  await expectText('last', /^running:[1-9]/)
  unmount()
  await server.expectNoConnections()
})

it.runIf(hasActivity)('pauses while it is hidden, and resumes when it is shown again', async () => {
  const server = backend()
  const { url, hurry } = await slow(server)
  const file = seededFile(2 * MIB)
  const { rerender } = render(<Hideable mode="visible" url={url} files={[file]} />)
  press('start')
  await expectText('last', /^running:[1-9]/)
  rerender(<Hideable mode="hidden" url={url} files={[file]} />)
  await server.expectNoConnections()
  await hurry()
  rerender(<Hideable mode="visible" url={url} files={[file]} />)
  await expectText('uploads', 'done')
  expect(await createdAt(server)).toBe(1)
})

it.runIf(hasActivity)('does not resume an upload that the user paused when it is shown again', async () => {
  const server = backend()
  const { url } = await slow(server)
  const file = seededFile(2 * MIB)
  const { rerender } = render(<Hideable mode="visible" url={url} files={[file]} />)
  press('start')
  await expectText('last', /^running:[1-9]/)
  press('pause')
  await expectText('uploads', 'paused')
  for (const mode of ['hidden', 'visible'] as const) rerender(<Hideable mode={mode} url={url} files={[file]} />)
  await expectText('uploads', 'paused')
  await server.expectNoConnections()
})

it('does not pause a queue of the caller when it unmounts', async () => {
  const server = backend()
  const { url, hurry } = await slow(server)
  const queue = createUploadQueue(url, options)
  onTestFinished(() => {
    queue.pause()
  })
  const { unmount } = render(<Given queue={queue} />, { wrapper: StrictMode })
  act(() => {
    queue.start(seededFile(2 * MIB))
  })
  await expectText('last', /^running:[1-9]/)
  unmount()
  await hurry()
  await expect.poll(() => queue.getSnapshot()[0]?.status).toBe('done')
  render(<Given queue={queue} />)
  await expectText('uploads', 'done')
})

it('sends the headers of the last render', async () => {
  const server = backend()
  const { url, hurry } = await slow(server)
  const file = seededFile(2 * MIB)
  function Authorized({ token }: { token: string }) {
    const result = useUpload(url, { ...options, headers: { authorization: token } })
    return (
      <List {...result}>
        <button type="button" onClick={() => result.start(file)}>
          start
        </button>
      </List>
    )
  }
  const { rerender } = render(<Authorized token="old" />, { wrapper: StrictMode })
  press('start')
  await expectText('last', /^running:[1-9]/)
  rerender(<Authorized token="new" />)
  await hurry()
  await expectText('uploads', 'done')
  const tokens = (await server.stats()).seen.map(({ authorization }) => authorization)
  expect([...new Set(tokens)]).toEqual(['old', 'new'])
  expect(await createdAt(server)).toBe(1)
})

it('starts an empty list when the url changes, and aborts the uploads of the old one', async () => {
  const server = backend()
  const { url } = await slow(server)
  const file = seededFile(2 * MIB)
  const { rerender } = render(<Files url={url} files={[file]} />, { wrapper: StrictMode })
  press('start')
  await expectText('last', /^running:[1-9]/)
  rerender(<Files url={server.url('/upload/tus')} files={[file]} />)
  await expectText('uploads', /^$/)
  await server.expectNoConnections()
})

it.runIf(hasActivity)('resumes in the order of the list when it is shown again', async () => {
  const server = backend()
  const { url } = await slow(server)
  const files = [seededFile(2 * MIB), seededFile(2 * MIB), seededFile(2 * MIB)]
  const { rerender } = render(<Hideable mode="visible" url={url} files={files} concurrency={1} />)
  press('start')
  await expectText('uploads', 'running queued queued')
  rerender(<Hideable mode="hidden" url={url} files={files} concurrency={1} />)
  await server.expectNoConnections()
  rerender(<Hideable mode="visible" url={url} files={files} concurrency={1} />)
  await expectText('uploads', 'running queued queued')
})

it.runIf(hasActivity)('holds uploads that are started while it is hidden until it is shown again', async () => {
  const server = backend()
  const url = server.url('/upload/tus')
  const files = [seededFile(KIB)]
  let result: UploadResult | undefined
  const element = (mode: 'visible' | 'hidden') => (
    <Hideable mode={mode} url={url} files={files} onRender={(now) => (result = now)} />
  )
  const { rerender } = render(element('visible'))
  rerender(element('hidden'))
  act(() => {
    result?.resume(result.start(files)[0])
  })
  // A request that was sent would arrive before these five.
  for (let n = 0; n < 5; n += 1) expect(await sentTo(server)).toEqual([])
  rerender(element('visible'))
  await expectText('uploads', /^done$/)
  expect(await createdAt(server)).toBe(1)
})

it('sends nothing when start is called after it has unmounted', async () => {
  const server = backend()
  let result: UploadResult | undefined
  const files = [seededFile(KIB)]
  const { unmount } = render(<Files url={server.url('/upload/tus')} files={files} onRender={(now) => (result = now)} />)
  unmount()
  result?.start(files)
  for (let n = 0; n < 5; n += 1) expect(await sentTo(server)).toEqual([])
})

it('throws an error that names the missing argument', () => {
  const originalError = console.error
  console.error = () => {}
  function Missing({ target }: { target: string | null }) {
    useUpload(target as never)
    return null
  }
  expect(() => render(<Missing target={null} />)).toThrow(/url must be a valid URL or an upload queue, got null/)
  expect(() => render(<Missing target="/files" />)).toThrow(/options are required with a url/)
  console.error = originalError
})
