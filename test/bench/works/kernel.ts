import { filter, map, Observable, Subject } from 'rxjs'
import { messages, reconnect, type WireEvent } from 'rxwire'
import { compare, OURS, ratioTo } from '../compare.ts'
import { type Contenders, medianMs, scaled } from '../rounds.ts'
import { startThreadClock } from '../stopwatch.ts'
import { versioned } from '../versions.ts'
import type { Work } from '../work.ts'

const MESSAGES = 2_000_000
const ROUNDS = 7

const SUBJECT = `a bare Subject, ${versioned('rxjs')}`
const BY_HAND = `filter and map by hand, ${versioned('rxjs')}`

/** The events of one connection: it opens, sends its messages and closes. */
const session = new Observable<WireEvent<number>>((subscriber) => {
  subscriber.next({ type: 'connecting', attempt: 0 })
  subscriber.next({ type: 'open' })
  for (let n = 0; n < MESSAGES; n += 1) subscriber.next({ type: 'message', data: n })
  subscriber.next({ type: 'close', wasClean: true })
  subscriber.complete()
})

const contenders: Contenders = new Map([
  [OURS, () => sumUp(session.pipe(reconnect(), messages()))],
  [
    SUBJECT,
    () => {
      const subject = new Subject<number>()
      return sumUp(subject, () => {
        for (let n = 0; n < MESSAGES; n += 1) subject.next(n)
      })
    },
  ],
  [
    BY_HAND,
    () =>
      sumUp(
        session.pipe(
          filter((event) => event.type === 'message'),
          map(({ data }) => data),
        ),
      ),
  ],
])

export async function measure(): Promise<Work> {
  const elapsedMs = await medianMs(contenders, ROUNDS)
  const nanoseconds = scaled(elapsedMs, (ms) => (ms / MESSAGES) * 1_000_000)
  return {
    title: `The lifecycle kernel, ${MESSAGES.toLocaleString('en')} messages`,
    figures: compare('cost of a message', 'ns', nanoseconds),
    targets: [{ text: `at most 2 times ${SUBJECT}`, isMet: ratioTo(nanoseconds, SUBJECT) <= 2 }],
    notes: [
      'rxwire pipes the events of one connection through `reconnect()` and `messages()`.',
      'By hand is the same without reconnecting: the events are filtered and mapped with RxJS.',
    ],
  }
}

/** @throws Error unless every message arrives. */
function sumUp(source: Observable<number>, push = () => {}): number {
  let sum = 0
  const elapsedMs = startThreadClock()
  const adding = source.subscribe((n) => {
    sum += n
  })
  push()
  const tookMs = elapsedMs()
  adding.unsubscribe()
  if (sum !== (MESSAGES * (MESSAGES - 1)) / 2) throw new Error(`The messages add up to ${sum}: some are missing.`)
  return tookMs
}
