import { jsonEvents, type ModelPreset, type OpenName } from './preset.ts'

/** A chunk of the UI message stream of the AI SDK. Which fields it has depends on its `type`. */
export interface AiSdkChunk {
  readonly type: OpenName<
    | 'start'
    | 'text-start'
    | 'text-delta'
    | 'text-end'
    | 'reasoning-delta'
    | 'tool-input-start'
    | 'tool-input-delta'
    | 'tool-input-available'
    | 'tool-output-available'
    | 'tool-output-error'
    | 'finish'
    | 'abort'
    | 'error'
  >
  /** The id of the part that a chunk belongs to. It is not an id to resume after. */
  readonly id?: string
  readonly messageId?: string
  readonly delta?: string
  readonly toolCallId?: string
  readonly toolName?: string
  readonly inputTextDelta?: string
  readonly input?: unknown
  readonly output?: unknown
  readonly errorText?: string
  readonly reason?: string
  /** Of a chunk `data-…`, which the application defines. */
  readonly data?: unknown
}

/**
 * Returns the options for an answer in the UI message stream of the AI SDK. The answer ends with `[DONE]`; without it, the
 * wire fails with kind `truncated`. The chunks `error` and `abort` fail the wire with kind `closed`.
 *
 * A server that keeps answers replays them whole by a GET, and responds with 204 if none is running, which completes the
 * wire. For that request, write `method: 'GET'` after the preset.
 *
 * @example
 * ```ts
 * import { fromFetchStream, messages } from 'rxwire'
 * import { aiSdkStream } from 'rxwire/models'
 *
 * const chat = aiSdkStream()
 * fromFetchStream('/api/chat', { json: { id: 'chat-1', messages: [] }, ...chat })
 *   .pipe(messages())
 *   .subscribe((chunk) => console.info(chat.textOf(chunk)))
 * ```
 */
export function aiSdkStream<T extends { readonly type: string } = AiSdkChunk>(): ModelPreset<T> {
  return {
    method: 'POST',
    decode: jsonEvents<T>(),
    endMarker: '[DONE]',
    failsWhen: (chunk: AiSdkChunk) => {
      if (chunk?.type === 'error') return chunk.errorText || 'error'
      return chunk?.type === 'abort' ? chunk.reason || 'aborted' : undefined
    },
    textOf: (chunk: AiSdkChunk) => (chunk?.type === 'text-delta' ? (chunk.delta ?? '') : ''),
  }
}
