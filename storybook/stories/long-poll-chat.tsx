import { fromFetch } from 'rxwire'
import { useLongPoll } from 'rxwire/react'
import type { ChatMessage } from '../panels/chat-window.tsx'
import { Conversation, type PersonProps, type Saying, TwoPeople } from '../panels/two-people.tsx'

const about =
  'No socket and no stream: one request is held until somebody speaks, and the next one goes on after it. What is said is a POST with an idempotency key, tried again until it is through.'

/** Two people without a socket: each asks, waits, and asks again from where it was. */
export function LongPollChat() {
  return <TwoPeople about={about} Person={Person} />
}

function Person(person: PersonProps) {
  const { room, lab } = person
  const wire = useLongPoll<ChatMessage>(lab.url('/long-poll/chat', { room }), {
    cursor: { header: 'x-next' },
    messages: (body) => body as ChatMessage[],
    keep: 100,
  })
  const say = (saying: Saying) => {
    fromFetch(lab.url('/long-poll/chat', { room }), {
      method: 'POST',
      json: saying,
      idempotencyKey: saying.id,
      retry: { maxRetries: Number.POSITIVE_INFINITY },
    }).subscribe({ error: () => {} })
  }
  return <Conversation person={person} wire={wire} onSay={say} />
}
