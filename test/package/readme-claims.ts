/** Words of the README, and the test that holds them: its file below `test`, and its title as it is written there. */
export type Claim = readonly [words: string, file: string, title: string]

const adapters = 'package/packed.test.ts'
const frameworks = 'log-server/frameworks.test.ts'

/** What the README says in prose. Figures are compared with RESULTS.md elsewhere. */
export const claims: readonly Claim[] = [
  // The introduction.
  [
    'rxwire connects React to feeds, sockets, streamed answers, polls and uploads.',
    'package/newcomer.test.ts',
    'works in a page that Vite has built',
  ],
  ['When a connection drops, it reconnects with a jittered delay', 'contract/contract.ts', '8: adds jitter'],
  ['and resumes after the last message,', 'contract/contract.ts', '5: delivers each message once across ten cuts'],
  [
    'so a server that keeps a log replays what was missed.',
    'log-server/readme.test.ts',
    'the client of the README misses nothing while it is cut off',
  ],
  [
    'A component renders at most once per animation frame.',
    'react/use-event-source.browser.test.tsx',
    'folds every message, and renders at most once per animation frame',
  ],
  ['Vue, Svelte, Solid, Angular and signals have adapters;', adapters, 'loads %s with its own framework alone'],
  [
    'without one, a feed is an RxJS Observable.',
    'unit/operators/messages.test.ts',
    'emits the data of messages and nothing else',
  ],

  // What you stop writing.
  [
    'Reconnecting: backoff with jitter,',
    'unit/reconnecting.test.ts',
    'emits waiting with growing delays after failures',
  ],
  ['`Retry-After`,', 'unit/reconnecting.test.ts', 'uses Retry-After as a floor and adds jitter'],
  ['close codes,', 'contract/web-socket-close-codes.test.ts', 'reconnects after '],
  ['offline,', 'unit/reconnecting-network.test.ts', 'pauses while offline and retries within 300 ms'],
  [
    'sleep',
    'unit/transports/event-source-waking.test.ts',
    'replaces a silent connection after ten seconds if it can resume from an id',
  ],
  ['and hidden pages;', 'unit/reconnecting-hidden.test.ts', 'pauses a wait when the page is hidden'],
  [
    'a fresh token after a 401.',
    'contract/event-source-behaviour.test.ts',
    'requests fresh credentials once after a 401 and connects with them',
  ],
  ['Resuming: the last id,', 'contract/contract.ts', '5: delivers each message once across ten cuts'],
  ['cursor', 'contract/fetch-stream-repeating.test.ts', 'sends the cursor as Last-Event-ID'],
  [
    'or byte offset in each request,',
    'contract/upload-cuts.test.ts',
    'uploads 64 MiB through 50 cuts without a wrong byte',
  ],
  [
    'and a filter for replayed messages.',
    'contract/contract-resume.ts',
    '5: delivers a message once if the server replays it',
  ],
  ['State: `data`, `connection` and `error` as separate fields,', 'frameworks/suite.ts', 'renders only for the fields'],
  [
    'and one connection for all components with the same `key`.',
    'frameworks/suite.ts',
    'gives one connection and its data to components with the same key',
  ],
  ['Sending: a bounded outbox', 'unit/outbox-model.test.ts', 'rejects each message in order and within its bounds'],
  [
    'that outlives connections.',
    'react/use-web-socket.browser.test.tsx',
    'keeps queued messages in the outbox of the caller for the next connection',
  ],
  ['A `POST` is not repeated', 'contract/request-retry.test.ts', 'does not retry a POST'],
  [
    'unless you say that it may be.',
    'unit/policy/repeatable.test.ts',
    'allows a POST with an idempotency key to be repeated',
  ],
  ['Tests: a fake network that can be cut,', 'testing/faults.test.ts', 'is lost by a cut, and comes back'],
  ['stalled', 'testing/faults.test.ts', 'is held by a stall, and loses nothing'],
  ['and put to sleep,', 'testing/clock.test.ts', 'jumps over the time of a sleep'],
  ['in virtual time (`rxwire/testing`).', 'testing/clock.test.ts', 'is one clock for timers, Date and performance'],

  // What your server must do.
  [
    'To resume, a feed gives each message an id and continues after `Last-Event-ID` (Go);',
    'package/docs.test.ts',
    'prints the server in Go as the contract tests build it',
  ],
  [
    'an upload needs tus or byte offsets.',
    'contract/upload-resume.test.ts',
    'goes back to the offset of the server when the server loses bytes between two sessions',
  ],
  ['`rxwire/server` serves a log in Node,', frameworks, 'is served by node:http, and completes its clients'],
  ['Express,', frameworks, 'is served by Express below a path'],
  ['Hono,', frameworks, 'is served by Hono, as it is'],
  ['Next,', frameworks, 'is served by a route handler of Next'],
  ['Bun, Deno.', 'package/runtimes.test.ts', 'serves or receives a feed in '],

  // Limits and links.
  [
    'rxwire cannot resume what a server does not number,',
    'unit/reconnecting-slept.test.ts',
    'keeps a connection that has delivered messages without ids, because it cannot resume',
  ],
  ['speaks no Socket.IO,', 'package/readme-claims.test.ts', 'the package is as the README says'],
  ['is ESM only,', 'package/readme-claims.test.ts', 'the package is as the README says'],
  ['and needs RxJS 7.8 (all limits).', 'package/readme-claims.test.ts', 'the package is as the README says'],
  ['The quick start leads to guides, recipes and the reference.', 'package/docs.test.ts', 'leads from the README'],
  ['Changes · Contributing · MIT license', 'package/docs.test.ts', 'has no broken link'],
]
