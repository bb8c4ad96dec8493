import { compare, medianOf, OURS, ratioTo } from '../compare.ts'
import { type Bench, type Cost, inChromium } from '../in-chromium.ts'
import type { Order, Outcome } from '../pages/react-web-socket.tsx'
import { byTurns, mediansOf, scaled } from '../rounds.ts'
import { versioned } from '../versions.ts'
import type { Work } from '../work.ts'

const PER_SECOND = 50_000
const SECONDS = 2
const MESSAGES = PER_SECOND * SECONDS
const ROUNDS = 3

const BARE = 'a bare WebSocket, no React'
const RAW = 'WebSocket and useState'
const REACT_USE_WEBSOCKET = versioned('react-use-websocket')

/** The contenders, with their names in the page. */
const contenders: ReadonlyMap<string, string> = new Map([
  [OURS, 'rxwire'],
  [REACT_USE_WEBSOCKET, 'react-use-websocket'],
  [versioned('ahooks'), 'ahooks'],
  [versioned('partysocket'), 'partysocket'],
  [versioned('reconnecting-websocket'), 'reconnecting-websocket'],
  [`webSocket, ${versioned('rxjs')}`, 'rxjs'],
  [RAW, 'raw WebSocket'],
  [BARE, 'bare'],
])

export async function measure(): Promise<Work> {
  const results = await inChromium('react-web-socket.tsx', receiveByTurns)
  const medians = (figure: (result: Outcome & Cost) => number) => mediansOf(results, figure)

  const delivered = medians(({ delivered }) => delivered)
  const commits = medians(({ commits }) => commits)
  const mainThreadMs = medians(({ mainThreadMs }) => mainThreadMs)
  const bareMs = medianOf(mainThreadMs, BARE)
  const overBareMs = scaled(mainThreadMs, (ms) => ms - bareMs)
  overBareMs.delete(BARE)
  const stillMs = medians(({ longestStillMs }) => longestStillMs)
  stillMs.delete(BARE)
  const isOneCommitAFrame = results.get(OURS)?.every(({ commits, frames }) => commits <= frames) ?? false

  return {
    title: `${MESSAGES.toLocaleString('en')} WebSocket messages into a React component, ${PER_SECOND.toLocaleString('en')} a second`,
    figures: [
      ...compare('delivered', '', delivered),
      ...compare('commits', '', commits),
      ...compare(
        'most commits in a frame',
        '',
        medians(({ commitsInOneFrame }) => commitsInOneFrame),
      ),
      ...compare('longest without news on the screen', 'ms', stillMs),
      ...compare('main thread', 'ms', mainThreadMs),
      ...compare('main thread over a bare socket', 'ms', overBareMs),
      ...compare(
        'until all was shown',
        'ms',
        medians(({ wallMs }) => wallMs),
      ),
    ],
    targets: [
      { text: 'all delivered', isMet: medianOf(delivered, OURS) === MESSAGES },
      { text: 'at most one commit a frame', isMet: isOneCommitAFrame },
      {
        text: `at most a 20th of the main thread's time of ${REACT_USE_WEBSOCKET}`,
        isMet: ratioTo(mainThreadMs, REACT_USE_WEBSOCKET) <= 1 / 20,
      },
      {
        text: `at most a 20th of what ${REACT_USE_WEBSOCKET} takes over a bare socket`,
        isMet: ratioTo(overBareMs, REACT_USE_WEBSOCKET) <= 1 / 20,
      },
    ],
    notes: [
      'A message is delivered if the component receives it, on its own or folded into its state.',
      'rxwire and the contenders that set state fold each message. react-use-websocket and ahooks return the last one.',
      'Few commits alone are not better: React may show an update of a busy page seconds later.',
      'The main thread is measured in CPU time, including the work of Chromium for each message: ' +
        `${Math.round(bareMs)} ms for a bare socket with a listener that reads the data. ` +
        'A lower total or a negative difference is noise between runs.',
    ],
  }
}

/** @throws Error if messages arrive out of order. */
async function receiveByTurns({ socketUrl, run }: Bench<Order, Outcome>): Promise<Map<string, (Outcome & Cost)[]>> {
  const url = `${socketUrl}/numbers?perSecond=${PER_SECOND}&seconds=${SECONDS}`
  const receive = async (who: string) => {
    const outcome = await run({ who, url, messages: MESSAGES })
    if (!outcome.isInOrder) throw new Error(`${who} received messages out of order.`)
    return outcome
  }
  // Every tab starts cold. Only the browser and the server can be warmed up.
  await receive('bare')
  return byTurns(new Map([...contenders].map(([shown, who]) => [shown, () => receive(who)])), ROUNDS, 0)
}
