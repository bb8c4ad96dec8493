import { type EventSourceOptions, nativeEngine, xhrEngine } from 'rxwire'

/** An engine of `fromEventSource` that this host supports. */
export interface Engine {
  readonly name: 'fetch' | 'xhr' | 'native'
  readonly options: Pick<EventSourceOptions<never>, 'engine'>
}

/** Node has only `fetch`. The browser projects also test the others. */
export function eventSourceEngines(): readonly Engine[] {
  const names = ['fetch', 'xhr', 'native'] as const
  const has = { fetch: true, xhr: typeof XMLHttpRequest === 'function', native: typeof EventSource === 'function' }
  const options = { fetch: {}, xhr: { engine: xhrEngine() }, native: { engine: nativeEngine() } }
  return names.filter((name) => has[name]).map((name) => ({ name, options: options[name] }))
}
