import { useEffect, useMemo } from 'react'
import { catchError, concatMap, EMPTY, Subject } from 'rxjs'
import { fromFetch, json } from 'rxwire'
import { useLongPoll } from 'rxwire/react'
import type { ChatMessage } from '../../test/server/chat-rooms.ts'
import { Conversation, type PersonProps, type Saying, TwoPeople } from '../panels/two-people.tsx'

const about =
  'No socket and no stream: one request is held until somebody speaks, and the next one goes on after it. What is said is a POST with an idempotency key, tried again until it is through.'

/** Two people without a socket: each asks, waits, and asks again from where it was. */
export function LongPollChat() {
  return <TwoPeople about={about} Person={Person} />
}

function Person(person: PersonProps) {
  const { room, lab } = person
  const wire = useLongPoll(lab.url('/long-poll/chat', { room }), {
    decode: json<ChatMessage>(),
    readCursor: { header: 'x-next' },
    messages: (body) => body as unknown[],
    keep: 100,
  })
  return <Conversation person={person} wire={wire} onSay={useSaying(lab.url('/long-poll/chat', { room }))} />
}

/** One after the other, so that what is said in an order arrives in it. */
function useSaying(url: string): (saying: Saying) => void {
  const sayings = useMemo(() => new Subject<Saying>(), [])
  useEffect(() => {
    const post = (json: Saying) =>
      fromFetch(url, {
        method: 'POST',
        json,
        idempotencyKey: json.id,
        retry: { maxRetries: Number.POSITIVE_INFINITY },
      }).pipe(catchError(() => EMPTY))
    const posting = sayings.pipe(concatMap(post)).subscribe()
    return () => posting.unsubscribe()
  }, [sayings, url])
  return (saying) => sayings.next(saying)
}
