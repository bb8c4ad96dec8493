import { jsonEvents, type ModelError, type ModelPreset, type OpenName, reasonOf } from './preset.ts'

/** An event of an answer of the Anthropic Messages API. Which fields it has depends on its `type`. */
export interface AnthropicEvent {
  readonly type: OpenName<
    | 'message_start'
    | 'content_block_start'
    | 'content_block_delta'
    | 'content_block_stop'
    | 'message_delta'
    | 'message_stop'
    | 'ping'
    | 'error'
  >
  readonly index?: number
  readonly message?: { readonly id: string; readonly model?: string; readonly role?: string }
  readonly content_block?: {
    readonly type: string
    readonly id?: string
    readonly name?: string
    readonly text?: string
  }
  readonly delta?: {
    readonly type?: OpenName<'text_delta' | 'input_json_delta' | 'thinking_delta' | 'signature_delta'>
    readonly text?: string
    readonly partial_json?: string
    readonly thinking?: string
    readonly stop_reason?: string | null
  }
  readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number }
  /** A failure after the head of the response, such as `overloaded_error`. It fails the wire. */
  readonly error?: ModelError | null
}

/**
 * Returns the options for a streamed answer of the Anthropic Messages API. The answer ends with `message_stop`; without it,
 * the wire fails with kind `truncated`. The event `error` fails the wire with kind `closed`. The protocol cannot resume.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages } from 'rxwire'
 * import { anthropic } from 'rxwire/models'
 *
 * const answer = anthropic()
 * fromFetchStream('/v1/messages', { json: { prompt: 'Why?' }, ...answer })
 *   .pipe(messages())
 *   .subscribe((event) => console.info(answer.textOf(event)))
 * ```
 */
export function anthropic<T extends { readonly type: string } = AnthropicEvent>(): ModelPreset<T> {
  return {
    method: 'POST',
    decode: jsonEvents<T>(),
    endsWhen: (event: AnthropicEvent) => event?.type === 'message_stop',
    failsWhen: (event: AnthropicEvent) => (event?.type === 'error' ? reasonOf(event.error ?? event) : undefined),
    textOf: (event: AnthropicEvent) => (event?.type === 'content_block_delta' ? (event.delta?.text ?? '') : ''),
  }
}
