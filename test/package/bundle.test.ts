import { describe, expect, it } from 'vitest'
import { bundled, gzippedBytes } from './bundled.ts'

it('imports query-core only for hooks that use it', async () => {
  const importsOf = async (hook: string, entry = 'rxwire/react') => (await bundled([hook], entry)).imports
  expect(await importsOf('useFetch', 'rxwire/query/react')).toEqual(['@tanstack/query-core', 'react', 'rxjs'])
  for (const hook of ['useWire', 'useWebSocket', 'usePoll', 'useLongPoll', 'useFetchStream', 'useXhr']) {
    expect(await importsOf(hook)).toEqual(['react', 'rxjs'])
  }
})

// Budgets are the present sizes under the condition `production`, with a margin of about a percent. They are only lowered.
// `node test/package/weights.ts fromEventSource messages` prints the share of each file.
describe('in production, minified and gzipped, without its dependencies', () => {
  it.each([
    // The decisions about packaging say what the bytes are for.
    [12_270, ['fromEventSource', 'messages']],
    [10_440, ['fromWebSocket', 'messages']],
    [13_850, ['fromWebSocket', 'messages', 'createOutbox']],
    [10_620, ['fromFetch', 'messages']],
    // The cursor as `Last-Event-ID` 110, a 204 that ends the response 30.
    [12_130, ['fromFetchStream', 'messages']],
    [12_780, ['fromUpload', 'tus']],
    // Callbacks per listener 200, what is not a wire event 100, publishEveryMs 200.
    [3_950, ['wireStore']],
  ])('takes at most %i bytes: %j', async (budgetBytes, names) => {
    expect(await gzippedBytes(names)).toBeLessThan(budgetBytes)
  })

  it.each([
    ['xhrEngine', 870, ['fromEventSource', 'messages']],
    ['nativeEngine', 600, ['fromEventSource', 'messages']],
    ['byteRange', 1_150, ['fromFetchStream', 'messages']],
    ['pingPong', 930, ['fromWebSocket', 'messages']],
    ['limitBurst', 670, ['fromWebSocket', 'messages']],
    ['fromDurableStream', 1_950, ['fromEventSource', 'fromLongPoll', 'messages']],
  ])('%s adds at most %i bytes to %j', async (name, budgetBytes, others) => {
    expect((await gzippedBytes([...others, name])) - (await gzippedBytes(others))).toBeLessThan(budgetBytes)
  })

  it.each(['openaiChat', 'openaiResponses', 'anthropic', 'aiSdkStream'])(
    'the preset %s adds at most 300 bytes to a stream of events',
    async (name) => {
      const stream = ['fromFetchStream', 'sse', 'messages']
      const addedBytes = (await gzippedBytes([...stream, `rxwire/models#${name}`])) - (await gzippedBytes(stream))
      expect(addedBytes).toBeLessThan(300)
    },
  )

  it.each([
    ['vue', 'useWire', 'useEventSource', 'useWebSocket'],
    ['solid', 'createWire', 'createEventSource', 'createWebSocket'],
    ['svelte', 'liveWire', 'liveEventSource', 'liveWebSocket'],
    ['signals', 'wireSignals', 'eventSourceSignals', 'webSocketSignals'],
    ['angular', 'injectWire', 'injectEventSource', 'injectWebSocket'],
  ])('rxwire/%s adds at most 600 bytes to the store, and little more with a url', async (entry, wire, sse, socket) => {
    const added = async (name: string, others: readonly string[]) =>
      (await gzippedBytes([name], `rxwire/${entry}`)) - (await gzippedBytes(others))
    expect(await added(wire, ['wireStore'])).toBeLessThan(600)
    // What identifies a request: 270.
    expect(await added(sse, ['wireStore', 'fromEventSource'])).toBeLessThan(850)
    // Also an outbox for each key, and its counts: 350.
    expect(await added(socket, ['wireStore', 'fromWebSocket', 'createOutbox'])).toBeLessThan(1_200)
  })

  it.each([
    // The store, and a snapshot whose fields are tracked: 3,700 over the wire. Callbacks 300, urls that are not known yet,
    // options of the request that open another connection, sources that are unstable, and `tabs`: 500. publishEveryMs 200.
    ['useWire', 5_480],
    ['useEventSource', 16_780],
    ['useWebSocket', 18_720],
  ])('the hook %s takes at most %i bytes', async (hook, budgetBytes) => {
    expect(await gzippedBytes([hook], 'rxwire/react')).toBeLessThan(budgetBytes)
  })

  it('acrossTabs and tabs take at most 4,000 bytes more than what they use', async () => {
    const used = ['reconnecting', 'toPlain', 'fromPlain', 'withMemory', 'WireMemory', 'isWireError', 'WireError']
    const both = await gzippedBytes(['acrossTabs', 'tabs'], 'rxwire/tabs')
    expect(both - (await gzippedBytes(used))).toBeLessThan(4_000)
  })
})
