import { NEVER } from 'rxjs'
import {
  fromEventSource,
  fromFetch,
  fromUpload,
  fromWebSocket,
  type HintHandler,
  setHintHandler,
  tus,
  wireStore,
} from 'rxwire'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

let heard = vi.fn<HintHandler>()

beforeEach(() => {
  heard = vi.fn()
  setHintHandler(heard)
})
afterEach(() => setHintHandler(undefined))

it.each([
  ['retries', 'retry'],
  ['onbadmessage', 'onBadMessage'],
  ['reconect', 'reconnect'],
  ['stallTimeout', 'stallTimeoutMs'],
  ['header', 'headers'],
])('gives a hint for the option %s that names %s', (name, nearest) => {
  fromEventSource('/feed', { [name]: 5 })
  const message = `There is no option '${name}', so it has no effect. Did you mean '${nearest}'?`
  expect(heard).toHaveBeenCalledExactlyOnceWith({ topic: 'option', message })
})

it('names no other option if none is similar', () => {
  fromEventSource('/feed', { ...{ zzzzzzzz: 5 }, events: [] })
  const message = "There is no option 'zzzzzzzz', so it has no effect."
  expect(heard).toHaveBeenCalledExactlyOnceWith({ topic: 'option', message })
})

const unknown: object = { retries: 3 }

it.each<[string, () => unknown]>([
  ['fromFetch', () => fromFetch('/a', { ...unknown })],
  ['fromWebSocket', () => fromWebSocket('/a', { ...unknown })],
  ['fromUpload', () => fromUpload('/a', new Blob(), { protocol: tus(), ...unknown })],
  ['wireStore', () => wireStore(NEVER, { ...unknown })],
])('gives a hint in %s', (_, call) => {
  call()
  expect(heard).toHaveBeenCalledTimes(1)
})

it('gives no hint for an option of another transport, because defaults are shared', () => {
  const defaults = { maxEventLength: 5, protocols: [], keep: 5, json: undefined }
  fromWebSocket('/a', defaults)
  fromEventSource('/a', defaults)
  fromFetch('/a', defaults)
  expect(heard).not.toHaveBeenCalled()
})
