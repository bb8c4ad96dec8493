import { json } from 'rxwire'
import { useWebSocket } from 'rxwire/react'
import type { ChatMessage } from '../../test/server/chat-rooms.ts'
import { Conversation, type PersonProps, type Saying, TwoPeople } from '../panels/two-people.tsx'

const about =
  'Two sockets, each over its own network. Cut one off, write on both sides, and reconnect it: each message arrives once and in order.'

/** Two people, two sockets, one room. */
export function Chat() {
  return <TwoPeople about={about} Person={Person} />
}

function Person(person: PersonProps) {
  const { name, room, lab } = person
  const { send, queued, inFlight, ...wire } = useWebSocket(lab.url('/ws/chat', { room }), {
    decode: json<ChatMessage>(),
    encode: json<Saying>(),
    keep: 100,
    // After a cut the room resumes after the last message, and unacknowledged messages are sent again.
    idOf: ({ seq }) => String(seq),
    sendOnOpen: ({ cursor = '' }) => [JSON.stringify({ after: cursor })],
    outbox: { idOf: ({ id }) => id, acknowledge: ({ id }) => id },
  })
  return (
    <Conversation person={person} wire={wire} onSay={send}>
      <output className="quiet" aria-label={`Outbox of ${name}`}>
        {queued} waiting, {inFlight} not yet confirmed
      </output>
    </Conversation>
  )
}
