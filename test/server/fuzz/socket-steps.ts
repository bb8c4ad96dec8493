import type { Choice } from './choice.ts'
import type { Records } from './records.ts'

/** What the server does next on a socket. */
export type SocketStep = { readonly afterMs: number } & (
  | { readonly act: 'send'; readonly frame: string | Uint8Array<ArrayBuffer> }
  | { readonly act: 'close'; readonly code: number }
  | { readonly act: 'terminate' }
)

const CLOSE_CODES = [
  1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 2999, 3000, 3003,
  3008, 4000, 4401, 4999,
] as const

/** Some messages after a cursor, with other frames between them, and often an end. */
export function socketSteps(records: Records, after: number, choice: Choice, badness: number): readonly SocketStep[] {
  const steps: SocketStep[] = []
  const count = choice.below(8)
  for (let n = after + 1; n <= after + count; n += 1) {
    if (choice.chance(badness / 4)) steps.push({ afterMs: 0, act: 'send', frame: oddFrame(choice) })
    steps.push({ afterMs: choice.chance(0.6) ? 0 : choice.below(3_000), act: 'send', frame: records.json(n) })
  }
  const afterMs = choice.of([0, 500, 10_000])
  if (choice.chance(0.3)) steps.push({ afterMs, act: 'terminate' })
  else if (choice.chance(0.8)) steps.push({ afterMs, act: 'close', code: choice.of(CLOSE_CODES) })
  return steps
}

function oddFrame(choice: Choice): string | Uint8Array<ArrayBuffer> {
  return choice.of<string | Uint8Array<ArrayBuffer>>([
    '',
    'null',
    '[]',
    '{"n":',
    'x'.repeat(100_000),
    Uint8Array.of(0xff, 0),
    new Uint8Array(),
  ])
}
