import { fromWebSocket } from 'rxwire'
import type { FakeNetwork } from 'rxwire/testing'
import { networkForEachTest } from '../unit/support/net.ts'
import { describeInstantResponses } from './instant-responses.ts'

const net = networkForEachTest()

/** A server that closes each socket at once, with the code that the row names, after these frames. */
const closing = (framesOf: (nth: number) => readonly string[]) => (network: FakeNetwork, response: string) => {
  let nth = 0
  const route = network.socket('/instant/feed', (socket) => {
    nth += 1
    for (const frame of framesOf(nth)) socket.send(frame)
    if (response === '1006') socket.terminate()
    else socket.close(Number(response))
  })
  if (response === 'refused') route.refuse()
  return route.attempts
}

const open = (url: string) => fromWebSocket(url, { decode: String, idOf: (text) => text.split(' ')[1] })

// How many connections a minute the laws allow:
// - 20: [law] 6. Half of the windows 1, 2, 4, 8, 15, 15, … s is 11 connections on average.
// - 25: [law] 6. The first five connections use the first window if their id moved the resume point.
// - 2: credentials are refreshed once.
describeInstantResponses(
  net,
  `
          | no frame         | the same frame   | frames with new ids
  1000    | completes =1     | completes =1     | completes =1
  1001    | 1001 ≤20         | 1001 ≤20         | 1001 ≤25
  1005    | 1005 ≤20         | 1005 ≤20         | 1005 ≤25
  1006    | 1006 ≤20         | 1006 ≤20         | 1006 ≤25
  1008    | fails 1008 =1    | fails 1008 =1    | fails 1008 =1
  1011    | 1011 ≤20         | 1011 ≤20         | 1011 ≤25
  1012    | 1012 ≤20         | 1012 ≤20         | 1012 ≤25
  1013    | 1013 ≤20         | 1013 ≤20         | 1013 ≤25
  3000    | fails 3000 =2    | fails 3000 =2    | 3000 ≤25
  3003    | fails 3003 =1    | fails 3003 =1    | fails 3003 =1
  4000    | 4000 ≤20         | 4000 ≤20         | 4000 ≤25
  refused | network ≤20      | network ≤20      | network ≤20
  `,
  [
    { name: 'no frame', open, serve: closing(() => []) },
    { name: 'the same frame', open, serve: closing(() => ['hello']) },
    { name: 'frames with new ids', open, serve: closing((nth) => [`hello ${nth}`]) },
  ],
)
