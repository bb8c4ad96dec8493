import { compare, OURS, perSecond, ratioTo } from '../compare.ts'
import { type Bench, inChromium } from '../in-chromium.ts'
import type { Order, Outcome } from '../pages/sends.ts'
import { byTurns, mediansOf } from '../rounds.ts'
import { versioned } from '../versions.ts'
import type { Work } from '../work.ts'

const MESSAGES = 4_000
const MESSAGE_BYTES = 16 * 1024
// The highest mark that the library sets by itself.
const HIGH_WATER_BYTES = 4 * 1024 * 1024
const MEGABYTES = (MESSAGES * MESSAGE_BYTES) / 1_000_000
const STALL_MS = 1_000

const RAW = 'a loop over WebSocket.send'

/** The contenders, with their names in the page. */
const contenders: ReadonlyMap<string, string> = new Map([
  [OURS, 'rxwire'],
  [RAW, 'raw WebSocket'],
  [`webSocket, ${versioned('rxjs')}`, 'rxjs'],
  [versioned('reconnecting-websocket'), 'reconnecting-websocket'],
  [versioned('partysocket'), 'partysocket'],
])

export async function measure(): Promise<Work> {
  const { fast, stalled } = await inChromium('sends.ts', async (bench: Bench<Order, Outcome>) => ({
    fast: await sendByTurns(bench, 0, 3),
    // Nothing is timed with a stalled reader, so no warm-up is needed.
    stalled: await sendByTurns(bench, STALL_MS, 1, 0),
  }))
  const throughput = perSecond(
    MEGABYTES,
    mediansOf(fast, ({ wallMs }) => wallMs),
  )
  const peakBytes = (results: typeof fast) => mediansOf(results, (result) => result.peakBytes)
  const ours = [...(fast.get(OURS) ?? []), ...(stalled.get(OURS) ?? [])]
  return {
    title: `${MESSAGES.toLocaleString('en')} messages of 16 KiB sent over a WebSocket`,
    figures: [
      ...compare('throughput, fast reader', 'MB/s', throughput),
      ...compare('peak buffered, fast reader', 'B', peakBytes(fast)),
      ...compare('peak buffered, stalled reader', 'B', peakBytes(stalled)),
    ],
    targets: [
      {
        text: 'never more buffered than the high-water mark and one message',
        isMet: ours.every(({ peakBytes }) => peakBytes <= HIGH_WATER_BYTES + MESSAGE_BYTES),
      },
      { text: `at least 0.95 of ${RAW}, with a fast reader`, isMet: ratioTo(throughput, RAW) >= 0.95 },
    ],
    notes: [
      'rxwire feeds the messages to an outbox, whose high-water mark follows the link. All others send them in a loop.',
      'Buffered is the `bufferedAmount` of the socket after each message. The stalled reader starts to read after a second.',
    ],
  }
}

/** @throws Error unless the server receives all messages, in order. */
async function sendByTurns(
  { socketUrl, run }: Bench<Order, Outcome>,
  stallMs: number,
  rounds: number,
  warmUpRounds = 1,
): Promise<Map<string, Outcome[]>> {
  const url = `${socketUrl}/sink?messages=${MESSAGES}&stallMs=${stallMs}`
  const send = async (who: string) => {
    const order = { who, url, messages: MESSAGES, messageBytes: MESSAGE_BYTES }
    const outcome = await run(order)
    if (outcome.answer !== 'all, in order') throw new Error(`The server reports for ${who}: ${outcome.answer}.`)
    return outcome
  }
  return byTurns(new Map([...contenders].map(([shown, who]) => [shown, () => send(who)])), rounds, warmUpRounds)
}
