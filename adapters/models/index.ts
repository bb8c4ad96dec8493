/**
 * The protocols of language models, as options of `fromFetchStream`.
 *
 * @module rxwire/models
 */

export { type AiSdkChunk, aiSdkStream } from './ai-sdk-stream.ts'
export { type AnthropicEvent, anthropic } from './anthropic.ts'
export { type OpenaiChatChunk, openaiChat } from './openai-chat.ts'
export { type OpenaiResponsesEvent, openaiResponses } from './openai-responses.ts'
export type { ModelError, ModelPreset, OpenName } from './preset.ts'
