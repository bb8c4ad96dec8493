import type {
  DurableStreamOptions,
  EventSourceOptions,
  FetchOptions,
  FetchStreamOptions,
  FoldOptions,
  JsonpOptions,
  KeepOptions,
  LongPollOptions,
  PollOptions,
  RunStoreOptions,
  UploadQueueOptions,
  WebSocketOptions,
  WireStoreOptions,
  XhrOptions,
} from 'rxwire'
import type { ModelPreset } from 'rxwire/models'
import type { UseFetchOptions } from 'rxwire/query/react'
import type {
  StartedHookOptions,
  UseDurableStreamOptions,
  UseEventSourceOptions,
  UseJsonpOptions,
  UseLongPollOptions,
  UsePollOptions,
  UseRunOptions,
  UseSuspenseWireOptions,
  UseWebSocketOptions,
  UseWireOptions,
  UseXhrOptions,
  ViewOptions,
} from 'rxwire/react'
import { expectTypeOf } from 'vitest'
import type { OptionName } from '../../src/http/diagnostics/unknown-options.ts'

// Checked by the compiler with `npm run typecheck`. This code never runs.
type NamesOf<Options> = Options extends unknown ? keyof Options : never

type WireOptions =
  | DurableStreamOptions<1>
  | EventSourceOptions<1>
  | FetchOptions<1>
  | FetchStreamOptions<1>
  | JsonpOptions<1>
  | LongPollOptions<1>
  | ModelPreset<1>
  | PollOptions<1>
  | RunStoreOptions
  | UploadQueueOptions
  | WebSocketOptions<1>
  | WireStoreOptions
  | XhrOptions<1>

type HookOptions =
  | StartedHookOptions
  | UseDurableStreamOptions<1>
  | UseEventSourceOptions<1>
  | UseFetchOptions<1>
  | UseJsonpOptions<1>
  | UseLongPollOptions<1>
  | UsePollOptions<1>
  | UseRunOptions
  | UseSuspenseWireOptions
  | UseWebSocketOptions<1, 1>
  | UseWireOptions
  | UseXhrOptions<1>
  | ViewOptions<1, 1>

export function listsTheOptionsOfAllTransportsAndHooks() {
  expectTypeOf<OptionName>().toEqualTypeOf<NamesOf<WireOptions | HookOptions | FoldOptions<1, 1> | KeepOptions>>()
}
