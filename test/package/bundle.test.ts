import { describe, expect, it } from 'vitest'
import { bundled, gzippedBytes } from './bundled.ts'

it('imports query-core only for hooks that use it', async () => {
  const importsOf = async (hook: string) => (await bundled([hook], 'rxwire/react')).imports
  expect(await importsOf('useFetch')).toEqual(['@tanstack/query-core', 'react', 'rxjs'])
  for (const hook of ['useWire', 'useWebSocket', 'usePoll', 'useLongPoll', 'useFetchStream', 'useXhr']) {
    expect(await importsOf(hook)).toEqual(['react', 'rxjs'])
  }
})

describe('minified and gzipped, without its dependencies', () => {
  // The current size plus a small margin. Raise a budget only with a reason.
  it.each([
    // Was 11,400 before transports shared one Attempt class: a bundler keeps methods that a transport does not call.
    // Rotation, resume points that are checked, content types and errors that name their message took up to 900 bytes.
    // The memory of a consumer (law 13) took up to 250, and 400 of a store. Checked addresses and callback results took
    // 900, the new options of WebSockets 500. The limit on a caller's promises, `onGone`, and bodies that are cancelled
    // took 500, an asynchronous decoder of WebSockets 200. A parser of our own took 700 in place of a dependency of 1,500,
    // slices of long chunks 500, water marks that follow the link 400, and errors that name the callback 700.
    ['fromEventSource', 16_000],
    ['fromWebSocket', 13_200],
    ['fromFetch', 12_200],
    ['fromFetchStream', 16_600],
    ['wireStore', 3_700],
  ])('%s takes at most %i bytes', async (name, budgetBytes) => {
    expect(await gzippedBytes([name, 'messages'])).toBeLessThan(budgetBytes)
  })

  it.each([
    ['useEventSource', 3_700, 'fromEventSource'],
    ['useWebSocket', 6_900, 'fromWebSocket'],
  ])('%s takes at most %i bytes more than %s', async (hook, budgetBytes, wire) => {
    const alone = await gzippedBytes([wire, 'messages'])
    expect((await gzippedBytes([hook], 'rxwire/react')) - alone).toBeLessThan(budgetBytes)
  })

  it('fromDurableStream takes at most 2,500 bytes more than fromEventSource and fromLongPoll', async () => {
    const others = ['fromEventSource', 'fromLongPoll', 'messages']
    const alone = await gzippedBytes(others)
    expect((await gzippedBytes(['fromDurableStream', ...others])) - alone).toBeLessThan(2_500)
  })
})
