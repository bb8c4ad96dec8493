import { cancelUpload, fromUpload, fromWebSocket, tus, type Wire } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type HostileProvider, once, transportsWith } from './hostile-transports.ts'
import { problemsOf } from './hostile-values.ts'

const net = networkForEachTest()

const never = () => new Promise<never>(() => {})

/** Wires that wait for a function which is named in the error. */
const more: readonly (readonly [option: string, transport: string, open: (url: string) => Wire<unknown>])[] = [
  ['protocols', 'fromWebSocket', (url) => fromWebSocket(url, { ...once, protocols: never })],
  ['sendOnOpen', 'fromWebSocket', (url) => fromWebSocket(url, { ...once, sendOnOpen: never })],
  [
    'fingerprint',
    'fromUpload',
    (url) => fromUpload(url, new File(['a'], 'a'), { ...once, protocol: tus(), fingerprint: never }),
  ],
  [
    'fingerprint',
    'cancelUpload',
    (url) => cancelUpload(url, new File(['a'], 'a'), { ...once, protocol: tus(), fingerprint: never }),
  ],
]

const waiting = (['url', 'headers', 'body'] as const).flatMap((option) =>
  transportsWith(option).map(
    ([transport, open]) =>
      [option, transport, (url: string) => open(url, never as unknown as HostileProvider)] as const,
  ),
)

describe('a function that never settles', () => {
  it.each([...waiting, ...more])('as %s of %s fails the attempt within two minutes', async (_, __, open) => {
    const route = net.route('*', '/a', () => 1)
    net.socket('/a')
    const cell = { name: 'the wire', wire: open('/a'), requests: route.requests, connections: net }
    expect(await problemsOf(net, [{ ...cell, end: 'failed' }])).toEqual([])
    expect(route.requests).toEqual([])
  })
})
