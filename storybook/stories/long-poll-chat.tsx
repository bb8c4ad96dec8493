import { useEffect, useMemo } from 'react'
import { catchError, concatMap, EMPTY, Subject } from 'rxjs'
import { fromFetch, json } from 'rxwire'
import { useLongPoll } from 'rxwire/react'
import type { ChatMessage } from '../../test/server/chat-rooms.ts'
import { Conversation, type PersonProps, type Saying, TwoPeople } from '../panels/two-people.tsx'

const about =
  'A request is held until there is a message, and the next request continues after it. Each message is sent by a POST with an idempotency key, which is repeated until it succeeds.'

/** Two people without a socket: each polls after its last message. */
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

/** One request at a time, so that messages arrive in the order in which they were written. */
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
