/** A chunk of an answer, in the UI message stream of the AI SDK. */
export type RecordedChunk = { readonly type: string; readonly [field: string]: unknown }

const TIDES = `## High water at Brest

The tide table names **two** high waters today:

| tide | at | height |
|---|---|---|
| morning | 05:12 | 6.9 m |
| evening | 17:38 | 7.1 m |

1. Leave the harbour *before* the ebb.
2. Keep the lighthouse to port.

\`\`\`ts
const depth = chart.depthAt('Goulet') + tide.height
if (depth < boat.draught + 1) wait()
\`\`\`

Then follow the leading lights: \`Petit Minou\` and \`Portzic\` in line. Fair winds! ⛵
`

const tool: readonly RecordedChunk[] = [
  { type: 'tool-input-available', toolCallId: 'call_1', toolName: 'tideTable', input: { harbour: 'Brest' } },
  { type: 'tool-output-available', toolCallId: 'call_1', output: { high: ['05:12', '17:38'] } },
]

/** An answer with a tool call and Markdown, as it was recorded once. A delta ends after a space or a line end. */
export const tides: readonly RecordedChunk[] = [
  { type: 'start' },
  ...tool,
  ...(TIDES.match(/[^\s]+\s*|\s+/g) ?? []).map((delta) => ({ type: 'text-delta', id: '0', delta })),
  { type: 'finish' },
]

/** An answer of `count` words without anything else. */
export function wordsOf(count: number): readonly RecordedChunk[] {
  const words = Array.from({ length: count }, (_, index) => ({ type: 'text-delta', id: '0', delta: `${index + 1} ` }))
  return [...words, { type: 'finish' }]
}
