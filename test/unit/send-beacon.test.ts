import { sendBeacon } from 'rxwire'
import { expect, it, onTestFinished, vi } from 'vitest'
import { backend } from '../backend.ts'

it('goes by fetch on hosts without sendBeacon', async () => {
  const server = backend()
  expect(sendBeacon(server.url('/beacon'), 'x')).toEqual({ accepted: true, by: 'keepalive' })
  await expect.poll(async () => (await server.stats()).seen.map(({ body }) => body)).toEqual(['x'])
})

it('says so where there is nothing to send with', () => {
  vi.stubGlobal('fetch', undefined)
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  expect(sendBeacon('http://127.0.0.1/')).toEqual({
    accepted: false,
    by: undefined,
    reason: expect.stringContaining('fetch'),
  })
})

it('says so where a relative address leads nowhere', () => {
  expect(sendBeacon('/seen')).toMatchObject({ accepted: false, reason: expect.stringContaining('URL') })
})
