/** Words of the README, and the test that holds them: its file below `test`, and how its title starts in the source. */
export type Claim = readonly [words: string, file: string, title: string]

const sample = ['package/newcomer.test.ts', 'the README sample under '] as const
const everyMessage = ['contract/contract.ts', '5: delivers each message once across ten cuts'] as const
const upload = ['contract/upload-cuts.test.ts', 'uploads 64 MiB through 50 cuts without a wrong byte'] as const
const poll = ['react/use-poll.browser.test.tsx', 'stays closed after stop, and sends the ETag of its data'] as const
const manifest = ['package/readme-claims.test.ts', 'are those of the package'] as const

const reconnecting = 'unit/reconnecting.test.ts'
const onePerFrame = 'folds every message, and renders at most once per animation frame'
const frameworks = 'log-server/frameworks.test.ts'
const hidden = 'unit/reconnecting-hidden.test.ts'
const faults = 'testing/faults.test.ts'

/** What the README says in prose. Figures are compared with RESULTS.md elsewhere. */
export const claims: readonly Claim[] = [
  // The introduction.
  ['rxwire connects React to feeds,', 'react/use-event-source.browser.test.tsx', onePerFrame],
  ['sockets,', 'react/use-web-socket.browser.test.tsx', 'queues a message until the connection opens'],
  ['streamed answers,', ...sample],
  ['polls', ...poll],
  ['and uploads.', ...sample],
  ['When a connection drops, it reconnects with a jittered delay', 'contract/contract.ts', '8: adds jitter'],
  ['and resumes after the last message,', ...everyMessage],
  [
    'so a server that keeps a log replays what was missed.',
    'log-server/readme.test.ts',
    'the client of the README misses',
  ],
  ['A component renders at most once per animation frame.', 'react/use-event-source.browser.test.tsx', onePerFrame],
  [
    'Vue, Svelte, Solid, Angular and signals have adapters;',
    'package/packed.test.ts',
    'loads %s with its own framework',
  ],
  ['without one, a feed is an RxJS Observable.', 'unit/operators/messages.test.ts', 'emits the data of messages'],

  // What you stop writing.
  ['Reconnecting: backoff', reconnecting, 'emits waiting with growing delays after failures'],
  ['with jitter, `Retry-After`,', reconnecting, 'uses Retry-After as a floor and adds jitter'],
  ['close codes,', 'contract/web-socket-close-codes.test.ts', 'fails without a retry on '],
  ['offline,', 'unit/reconnecting-network.test.ts', 'pauses while offline and retries within 300 ms'],
  ['sleep', 'unit/transports/event-source-waking.test.ts', 'replaces a silent connection after ten seconds'],
  ['and hidden pages;', hidden, 'pauses a wait when the page is hidden'],
  [
    'a fresh token after a 401.',
    'contract/event-source-behaviour.test.ts',
    'requests fresh credentials once after a 401',
  ],
  ['Resuming: the last id,', ...everyMessage],
  ['cursor', 'contract/fetch-stream-repeating.test.ts', 'sends the cursor as Last-Event-ID'],
  ['or byte offset in each request,', ...upload],
  [
    'and a filter for replayed messages.',
    'contract/contract-resume.ts',
    '5: delivers a message once if the server replays',
  ],
  ['State: `data`, `connection` and `error` as separate fields,', 'frameworks/suite.ts', 'renders only for the fields'],
  [
    'and one connection for all components with the same `key`.',
    'frameworks/suite.ts',
    'gives one connection and its data',
  ],
  [
    'Sending: a bounded outbox',
    'unit/outbox-model.test.ts',
    'an outbox delivers, holds or rejects each message in order',
  ],
  [
    'that outlives connections.',
    'react/use-web-socket.browser.test.tsx',
    'keeps queued messages in the outbox of the caller',
  ],
  ['A `POST` is not repeated', 'contract/request-retry.test.ts', 'does not retry a POST'],
  [
    'unless you say that it may be.',
    'unit/policy/repeatable.test.ts',
    'allows a POST with an idempotency key to be repeated',
  ],
  ['Tests: a fake network that can be cut,', faults, 'is lost by a cut, and comes back'],
  ['stalled', faults, 'is held by a stall, and loses nothing'],
  ['and put to sleep,', 'testing/page.test.ts', 'sleeps, and wakes up with dead connections'],
  ['in virtual time (`rxwire/testing`).', 'testing/clock.test.ts', 'is one clock for timers, Date and performance'],

  // Which hook: the first column.
  ['a feed from the server', ...everyMessage],
  ['messages in both directions', 'contract/web-socket-both-ways.test.ts', 'loses and repeats none of 20,000 messages'],
  ['an answer in pieces', 'contract/go.node.test.ts', 'fromFetchStream posts, reads the response'],
  [
    '· one that outlives a reload',
    'react/use-run.browser.test.tsx',
    'delivers every word once when the page is reloaded',
  ],
  [
    'a request: cached (`rxwire/query/react`)',
    'react/use-fetch-options.browser.test.tsx',
    'caches the decoded response',
  ],
  ['· on a click', 'react/use-xhr.browser.test.tsx', 'sends no request before start, and one for each start'],
  ['large files to send', ...upload],
  ['a server that cannot push', ...poll],

  // What your server must do.
  [
    'To resume, a feed gives each message an id and continues after `Last-Event-ID` (Go);',
    'contract/go.node.test.ts',
    'fromEventSource resumes a POST',
  ],
  ['an upload needs tus or byte offsets.', 'contract/upload-resume.test.ts', 'goes back to the offset of the server'],
  ['`rxwire/server` serves a log in Node,', frameworks, 'is served by node:http, and completes its clients'],
  ['Express,', frameworks, 'is served by Express below a path'],
  ['Hono,', frameworks, 'is served by Hono, as it is'],
  ['Next,', frameworks, 'is served by a route handler of Next'],
  ['Bun, Deno.', 'package/runtimes.test.ts', 'serves or receives a feed in '],

  // Limits and links.
  [
    'rxwire cannot resume what a server does not number,',
    'unit/reconnecting-slept.test.ts',
    'keeps a connection that has',
  ],
  ['speaks no Socket.IO, is ESM only, and needs RxJS 7.8 (all limits).', ...manifest],
  ['The quick start leads to guides, recipes and the reference.', 'package/docs.test.ts', 'leads from the README'],
  ['Changes · Contributing', 'package/docs.test.ts', 'has no broken link'],
  ['· MIT license', ...manifest],
]
