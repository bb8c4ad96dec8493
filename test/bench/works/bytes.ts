import { gzippedBytes } from '../../package/bundled.ts'
import { compare, OURS } from '../compare.ts'
import { versioned } from '../versions.ts'
import type { Figure, Target, Work } from '../work.ts'

const REACT = ['react', 'react-dom']
const APART = [...REACT, 'rxjs', '@tanstack/query-core']

/** The names that a user imports, and from where. */
interface Imported {
  readonly who: string
  readonly names: readonly string[]
  readonly from: string
}

function ours(names: readonly string[], from = 'rxwire'): Imported {
  return { who: OURS, names, from }
}

function theirs(name: string, packageName: string, from = packageName): Imported {
  return { who: versioned(packageName), names: [name], from }
}

const purposes: ReadonlyMap<string, readonly Imported[]> = new Map([
  [
    'Server-Sent Events',
    [
      ours(['fromEventSource', 'messages']),
      theirs('EventSource', 'eventsource'),
      theirs('fetchEventSource', '@microsoft/fetch-event-source'),
    ],
  ],
  [
    'a WebSocket',
    [
      ours(['fromWebSocket', 'messages']),
      theirs('default', 'reconnecting-websocket'),
      theirs('default', 'partysocket', 'partysocket/ws'),
    ],
  ],
  ['a WebSocket and an outbox', [ours(['fromWebSocket', 'messages', 'createOutbox'])]],
  [
    'a WebSocket as a hook',
    [
      ours(['useWebSocket'], 'rxwire/react'),
      theirs('default', 'react-use-websocket'),
      theirs('useWebSocket', 'ahooks'),
      theirs('default', 'partysocket', 'partysocket/use-ws'),
    ],
  ],
  ['a resumable upload', [ours(['fromUpload', 'tus']), theirs('Upload', 'tus-js-client')]],
])

const functions = {
  rxwire: [
    'fromFetch',
    'fromXhr',
    'fromPoll',
    'fromLongPoll',
    'fromFetchStream',
    'fromEventSource',
    'fromWebSocket',
    'fromUpload',
    'fromJsonp',
    'fromImagePing',
    'sendBeacon',
    'reconnecting',
    'createOutbox',
    'wireStore',
  ],
  'rxwire/react': ['useWire', 'useEventSource', 'useWebSocket', 'useFetchStream', 'useUpload'],
  'rxwire/query': ['wireQueryOptions', 'liveQueryOptions', 'fromQuery', 'patchQuery'],
  'rxwire/query/react': ['useFetch'],
} as const

export async function measure(): Promise<Work> {
  const apart = await bytesOf(APART)
  const whole = await bytesOf(REACT)
  const hook = at(apart, 'a WebSocket as a hook')
  const hookAdds = hook - at(apart, 'a WebSocket')
  return {
    title: 'Bytes, minified and gzipped',
    figures: [
      ...figuresOf(apart, (purpose) => purpose),
      ...figuresOf(whole, (purpose) => `${purpose}, with all that it needs`),
      { who: OURS, what: 'the hook adds to a WebSocket', value: hookAdds, unit: 'B' },
      {
        who: OURS,
        what: 'the hook adds to a WebSocket and an outbox',
        value: hook - at(apart, 'a WebSocket and an outbox'),
        unit: 'B',
      },
      ...(await entries()),
    ],
    targets: [
      atMost(4_000, 'a WebSocket', at(apart, 'a WebSocket')),
      atMost(4_000, 'Server-Sent Events', at(apart, 'Server-Sent Events')),
      atMost(1_500, 'what the hook adds', hookAdds),
      atMost(6_000, 'a resumable upload', at(apart, 'a resumable upload')),
    ],
    notes: [
      'Bundled by Vite for production. React, RxJS and query-core are excluded, other dependencies ' +
        'are included. “with all that it needs” excludes only React. rxwire is bundled from its source, which the ' +
        'published modules are built from. The hook includes an outbox.',
    ],
  }
}

type Bytes = ReadonlyMap<string, ReadonlyMap<string, number>>

async function bytesOf(apart: string[]): Promise<Bytes> {
  const bytes = new Map<string, Map<string, number>>()
  for (const [purpose, all] of purposes) {
    const values = new Map<string, number>()
    for (const { who, names, from } of all) values.set(who, await gzippedBytes(names, from, apart))
    bytes.set(purpose, values)
  }
  return bytes
}

function at(bytes: Bytes, purpose: string): number {
  return bytes.get(purpose)?.get(OURS) ?? Number.NaN
}

function figuresOf(bytes: Bytes, nameOf: (purpose: string) => string): Figure[] {
  return [...bytes].flatMap(([purpose, values]) => compare(nameOf(purpose), 'B', values))
}

/** Each function on its own, and all exports of an entry together. */
async function entries(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [entry, names] of Object.entries(functions)) {
    const all = Object.keys(await import(entry))
    const value = await gzippedBytes(all, entry, APART)
    figures.push({ who: OURS, what: `all of ${entry}`, value, unit: 'B' })
    for (const name of names) {
      figures.push({ who: OURS, what: name, value: await gzippedBytes([name], entry, APART), unit: 'B' })
    }
  }
  return figures
}

function atMost(bytes: number, what: string, measured: number): Target {
  return { text: `${what} in at most ${bytes.toLocaleString('en')} bytes`, isMet: measured <= bytes }
}
