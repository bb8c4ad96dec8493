import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

// The table of sizes and speeds in the README is made from RESULTS.md. `node test/package/readme-figures.ts` writes it.

const root = resolve(import.meta.dirname, '../..')
const README = resolve(root, 'README.md')
const RESULTS = resolve(root, 'test/bench/RESULTS.md')
const TABLE = /^\| measured \|.*?(?=\n\n)/ms

/** A row of the table: which line of RESULTS.md it shows, of whom, and how its figures are written. */
interface FigureRow {
  readonly says: string
  readonly section: string
  readonly what: string
  readonly ours?: Readonly<Record<string, string>>
  readonly peers: Readonly<Record<string, string>>
  readonly write: (value: number) => string
}

const exact = (value: number) => value.toLocaleString('en')
const seconds = (ms: number) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`)
const millions = (value: number) => `${(value / 1e6).toFixed(2)} million`
const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`
const megabytes = (value: number) => `${Math.round(value)} MB/s`

const fetchEventSource = { 'fetch-event-source': '@microsoft/fetch-event-source' }
const reactUseWebSocket = { 'react-use-websocket': 'react-use-websocket' }
const socket = '100,000 WebSocket messages into a React component, 50,000 a second'
const herd = 'A herd that is dropped in one instant'
const withoutSignal = { 'server restarts': 'rxwire', 'no such signal': 'rxwire, not told that the server restarts' }

const speeds: readonly FigureRow[] = [
  {
    says: 'Server-Sent Events a second, in Node',
    section: '200,000 Server-Sent Events in Node',
    what: 'events from a server',
    peers: {
      eventsource: 'eventsource',
      ...fetchEventSource,
      'a loop over eventsource-parser': 'fetch, TextDecoderStream',
    },
    write: millions,
  },
  {
    says: '100,000 WebSocket messages: commits of React',
    section: socket,
    what: 'commits',
    peers: { ...reactUseWebSocket, useState: 'WebSocket and useState' },
    write: exact,
  },
  {
    says: 'the same: main thread',
    section: socket,
    what: 'main thread',
    peers: { ...reactUseWebSocket, 'a socket without React': 'a bare WebSocket, no React' },
    write: seconds,
  },
  {
    says: '32,000 chunks of an answer into a query',
    section: 'Appending the chunks of an answer',
    what: '32,000 chunks',
    ours: { '': 'rxwire, live query' },
    peers: { streamedQuery: 'streamedQuery' },
    write: seconds,
  },
  {
    says: '10,000 dropped clients: most attempts in 100 ms',
    section: herd,
    what: 'peak of 10,000, attempts in 100 ms',
    ours: withoutSignal,
    peers: { 'reconnecting-websocket': 'reconnecting-websocket', ...fetchEventSource },
    write: exact,
  },
  {
    says: 'the same: 95 % are back after',
    section: herd,
    what: '95 % are back after',
    ours: withoutSignal,
    peers: { 'reconnecting-websocket': 'reconnecting-websocket', ...fetchEventSource },
    write: seconds,
  },
  {
    says: 'key press to listener, p99, at 10,000 messages a second',
    section: 'Typing next to a table of 500 rows and a chart that messages update',
    what: 'input delay p99, 10,000 a second',
    peers: reactUseWebSocket,
    write: seconds,
  },
  {
    says: 'an upload of 256 MiB',
    section: 'An upload of 256 MiB to @tus/server',
    what: 'throughput',
    peers: { 'tus-js-client': 'tus-js-client', XHR: 'raw XHR' },
    write: megabytes,
  },
]

const sizes = (
  [
    ['Server-Sent Events', { ...fetchEventSource, eventsource: 'eventsource' }],
    ['a WebSocket as a hook', reactUseWebSocket],
    ['a resumable upload', { 'tus-js-client': 'tus-js-client' }],
  ] as const
).map(([what, peers]) => ({ what, peers }))

/** Returns the table of the README for a text of RESULTS.md. */
function figuresTable(results: string): string {
  const rowOf = ({ says, section, what, ours = { '': 'rxwire' }, peers, write }: FigureRow) => {
    const shown = (who: Readonly<Record<string, string>>) =>
      Object.entries(who).map(([name, started]) => `${name} ${write(figure(results, section, what, started))}`.trim())
    return `| ${says} | ${shown(ours).join(', ')} | ${shown(peers).join(', ')} |`
  }
  const sizeOf = ({ what, peers }: (typeof sizes)[number]) => {
    const bytes = (name: string, who: string) => kilobytes(figure(results, 'Bytes, minified and gzipped', name, who))
    const others = Object.entries(peers).map(([name, who]) => `${name} ${bytes(what, who)}`)
    const ours = `${bytes(what, 'rxwire')}, with RxJS ${bytes(`${what}, with all that it needs`, 'rxwire')}`
    return `| size: ${what} | ${ours} | ${others.join(', ')} |`
  }
  return ['| measured | rxwire | others |', '|---|---|---|', ...speeds.map(rowOf), ...sizes.map(sizeOf)].join('\n')
}

/** The figure of a line of RESULTS.md. A contender is found by the start of its name, which ends with its version. */
function figure(results: string, section: string, what: string, who: string): number {
  const [, chapter = ''] = results.split(`\n## ${section}`)
  let current = ''
  for (const [, label = '', name = '', value = ''] of chapter
    .split('\n## ')[0]
    ?.matchAll(/^\| ([^|]*) \| ([^|]+) \| ([\d.,]+)[^|]* \|/gm) ?? []) {
    if (label.trim() !== '') current = label
    const isMeant = who.startsWith('rxwire') ? name === who : name.startsWith(who)
    if (current === what && isMeant) return Number(value.replaceAll(',', ''))
  }
  throw new Error(`RESULTS.md has no figure for ${section}: ${what}: ${who}`)
}

/** Returns the table that the README shows. */
export function printedTable(): string {
  return TABLE.exec(readFileSync(README, 'utf8'))?.[0] ?? ''
}

/** Returns the table that the README must show. */
export function measuredTable(): string {
  return figuresTable(readFileSync(RESULTS, 'utf8'))
}

if (import.meta.main)
  writeFileSync(
    README,
    readFileSync(README, 'utf8').replace(TABLE, () => measuredTable()),
  )
