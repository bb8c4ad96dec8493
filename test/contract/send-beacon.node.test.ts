import { sendBeacon } from 'rxwire'
import { expect, it, onTestFinished, vi } from 'vitest'
import { backend } from '../backend.ts'

it('uses fetch with keepalive on hosts without sendBeacon', async () => {
  const server = backend()
  expect(sendBeacon(server.url('/beacon'), 'x')).toEqual({ accepted: true, by: 'keepalive' })
  await expect.poll(async () => (await server.stats()).seen.map(({ body }) => body)).toEqual(['x'])
})

it('returns a reason on hosts without fetch', () => {
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

it('returns a reason for a relative URL without a base', () => {
  expect(sendBeacon('/seen')).toMatchObject({ accepted: false, reason: expect.stringContaining('URL') })
})
