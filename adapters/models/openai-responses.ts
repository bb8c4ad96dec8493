import { jsonEvents, type ModelError, type ModelPreset, type OpenName, reasonOf } from './preset.ts'

/** An event of an answer of the OpenAI Responses API. Which fields it has depends on its `type`. */
export interface OpenaiResponsesEvent {
  readonly type: OpenName<
    | 'response.created'
    | 'response.output_item.added'
    | 'response.output_text.delta'
    | 'response.function_call_arguments.delta'
    | 'response.output_item.done'
    | 'response.completed'
    | 'response.incomplete'
    | 'response.failed'
    | 'error'
  >
  /** The number of the event within the answer, from 0. The id of the message. */
  readonly sequence_number?: number
  readonly output_index?: number
  readonly item_id?: string
  readonly delta?: unknown
  readonly item?: {
    readonly type: string
    readonly id?: string
    readonly name?: string
    readonly call_id?: string
    readonly arguments?: string
  }
  readonly response?: {
    readonly id: string
    readonly status?: string
    readonly error?: ModelError | null
    readonly incomplete_details?: { readonly reason?: string } | null
  }
  readonly error?: ModelError | null
  readonly code?: string | null
  readonly message?: string
}

// [spec] OpenAI Responses API, streaming events: the last event has the final response.
const ENDS: readonly string[] = ['response.completed', 'response.incomplete', 'response.cancelled']

/**
 * Returns the options for a streamed answer of the OpenAI Responses API. The answer ends with `response.completed`, with
 * `response.incomplete` if a limit was reached, or with `response.cancelled`. These are delivered. Without them, the wire fails
 * with kind `truncated`. The events `error` and `response.failed` fail the wire with kind `closed`.
 *
 * The id of a message is its `sequence_number`. An answer with `background: true` resumes after it by a GET with
 * `starting_after`: see `createRun`.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages } from 'rxwire'
 * import { openaiResponses } from 'rxwire/models'
 *
 * const answer = openaiResponses()
 * fromFetchStream('/v1/responses', { json: { model: 'a-model', input: 'Why?', stream: true }, ...answer })
 *   .pipe(messages())
 *   .subscribe((event) => console.info(answer.textOf(event)))
 * ```
 */
export function openaiResponses<T extends { readonly type: string } = OpenaiResponsesEvent>(): ModelPreset<T> {
  return {
    method: 'POST',
    decode: jsonEvents<T>(),
    endsWhen: (event: OpenaiResponsesEvent) => ENDS.includes(event?.type),
    failsWhen: (event: OpenaiResponsesEvent) => {
      if (event?.type === 'response.failed') return reasonOf(event.response?.error ?? event)
      return reasonOf(event?.error ?? (event?.type === 'error' ? event : undefined))
    },
    idOf: (event: OpenaiResponsesEvent) =>
      typeof event?.sequence_number === 'number' ? String(event.sequence_number) : undefined,
    textOf: (event: OpenaiResponsesEvent) => (event?.type === 'response.output_text.delta' ? String(event.delta) : ''),
  }
}
