/** Event streams as the providers document them: what a server sends, event by event. */
export interface ModelStream {
  /** The events before the end. Each is one or more lines, without the blank line after it. */
  readonly events: readonly string[]
  /** What ends the answer. */
  readonly end: string
  /** Whether the end is a message. */
  readonly deliversEnd: boolean
  /** How many of the events are messages. A comment is none. */
  readonly messages: number
  readonly text: string
}

const json = (data: object) => `data: ${JSON.stringify(data)}`
const named = ({ type, ...fields }: { type: string; [field: string]: unknown }) =>
  `event: ${type}\n${json({ type, ...fields })}`

const chunk = (delta: object, finish_reason: string | null = null) =>
  json({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })

// [spec] OpenAI, Chat Completions, streaming; the comment is that of a compatible router.
export const openaiChatStream: ModelStream = {
  events: [
    ': PROCESSING',
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Le phare ' }),
    chunk({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'tide', arguments: '{"at":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"Brest"}' } }] }),
    json({ object: 'an.event.of.next.year' }),
    chunk({ content: 'éclaire 🗼' }),
    chunk({}, 'stop'),
    json({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } }),
  ],
  end: 'data: [DONE]',
  deliversEnd: false,
  messages: 8,
  text: 'Le phare éclaire 🗼',
}

// [spec] OpenAI, Responses, streaming events.
export const openaiResponsesStream: ModelStream = {
  events: [
    named({ type: 'response.created', sequence_number: 0, response: { id: 'resp_1', status: 'in_progress' } }),
    named({ type: 'response.output_item.added', sequence_number: 1, item: { type: 'function_call', name: 'tide' } }),
    named({ type: 'response.function_call_arguments.delta', sequence_number: 2, delta: '{"at":"Brest"}' }),
    named({ type: 'response.output_text.delta', sequence_number: 3, delta: 'Le phare ' }),
    named({ type: 'response.event_of_next_year', sequence_number: 4, delta: { any: 'thing' } }),
    named({ type: 'response.output_text.delta', sequence_number: 5, delta: 'éclaire 🗼' }),
  ],
  end: named({ type: 'response.completed', sequence_number: 6, response: { id: 'resp_1', status: 'completed' } }),
  deliversEnd: true,
  messages: 6,
  text: 'Le phare éclaire 🗼',
}

// [spec] Anthropic, Messages, streaming: unknown event types may be added.
export const anthropicStream: ModelStream = {
  events: [
    named({ type: 'message_start', message: { id: 'msg_1', role: 'assistant', content: [] } }),
    named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    named({ type: 'ping' }),
    named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Le phare ' } }),
    named({ type: 'event_of_next_year', anything: true }),
    named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'éclaire 🗼' } }),
    named({ type: 'content_block_stop', index: 0 }),
    named({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"at"' } }),
    named({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 15 } }),
  ],
  end: named({ type: 'message_stop' }),
  deliversEnd: true,
  messages: 9,
  text: 'Le phare éclaire 🗼',
}

// [spec] AI SDK, UI message stream protocol.
export const aiSdkUiStream: ModelStream = {
  events: [
    json({ type: 'start', messageId: 'msg_1' }),
    json({ type: 'text-start', id: '0' }),
    json({ type: 'text-delta', id: '0', delta: 'Le phare ' }),
    json({ type: 'tool-input-available', toolCallId: 'call_1', toolName: 'tide', input: { at: 'Brest' } }),
    json({ type: 'tool-output-available', toolCallId: 'call_1', output: 'low' }),
    json({ type: 'data-of-next-year', data: 1 }),
    json({ type: 'text-delta', id: '0', delta: 'éclaire 🗼' }),
    json({ type: 'finish' }),
  ],
  end: 'data: [DONE]',
  deliversEnd: false,
  messages: 8,
  text: 'Le phare éclaire 🗼',
}

/** Returns the body of events. Each event ends with a blank line. */
export function bodyOf(...events: readonly string[]): string {
  return events.map((event) => `${event}\n\n`).join('')
}
