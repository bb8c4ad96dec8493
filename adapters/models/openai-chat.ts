import { jsonEvents, type ModelError, type ModelPreset, reasonOf } from './preset.ts'

/** A part of an answer of the OpenAI Chat Completions API, and of servers that are compatible with it. */
export interface OpenaiChatChunk {
  readonly id?: string
  /** Empty in the chunk that has only `usage`. */
  readonly choices: readonly {
    readonly index: number
    readonly delta: {
      readonly role?: string
      readonly content?: string | null
      readonly refusal?: string | null
      readonly tool_calls?: readonly {
        readonly index: number
        readonly id?: string
        readonly function?: { readonly name?: string; readonly arguments?: string }
      }[]
    }
    readonly finish_reason?: string | null
  }[]
  readonly usage?: {
    readonly prompt_tokens: number
    readonly completion_tokens: number
    readonly total_tokens: number
  } | null
  /** A failure after the head of the response. It fails the wire. */
  readonly error?: ModelError | string | null
}

/**
 * Returns the options for a streamed answer of the OpenAI Chat Completions API. The answer ends with `[DONE]`; without it,
 * the wire fails with kind `truncated`. A chunk with an `error` fails the wire with kind `closed`. The protocol cannot
 * resume.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages } from 'rxwire'
 * import { openaiChat } from 'rxwire/models'
 *
 * const chat = openaiChat()
 * const question = { model: 'a-model', messages: [{ role: 'user', content: 'Why?' }], stream: true }
 * fromFetchStream('/v1/chat/completions', { json: question, ...chat })
 *   .pipe(messages())
 *   .subscribe((chunk) => console.info(chat.textOf(chunk)))
 * ```
 */
export function openaiChat<T extends OpenaiChatChunk = OpenaiChatChunk>(): ModelPreset<T> {
  return {
    method: 'POST',
    decode: jsonEvents<T>(),
    endMarker: '[DONE]',
    failsWhen: (chunk: T) => reasonOf(chunk?.error),
    textOf: (chunk) => chunk?.choices?.[0]?.delta?.content ?? '',
  }
}
