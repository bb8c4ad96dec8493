import { useMemo, useState } from 'react'
import { useWebSocket } from 'rxwire/react'
import { WithoutServer } from '../panels/card.tsx'
import { type ChatMessage, ChatWindow } from '../panels/chat-window.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { type Lab, useLab } from '../panels/lab.ts'
import { SendBox } from '../panels/send-box.tsx'

interface Outgoing {
  readonly id: string
  readonly from: string
  readonly text: string
}

/** Two people, two sockets, one room. Each has a network of its own to break. */
export function Chat() {
  const room = useMemo(() => crypto.randomUUID(), [])
  return (
    <div className="stack">
      <p className="quiet">
        Two sockets, each with a network of its own. Cut one off, talk from both sides, and let it come back: what was
        said arrives once and in order.
      </p>
      <div className="side-by-side">
        <Person name="Ada" room={room} />
        <Person name="Grace" room={room} />
      </div>
    </div>
  )
}

function Person({ name, room }: { name: string; room: string }) {
  const { lab, error } = useLab()
  if (error !== undefined) return <WithoutServer error={error} />
  if (lab === undefined) return <ChatWindow title={name} self={name} messages={[]} pending={[]} />
  return <Client name={name} room={room} lab={lab} />
}

function Client({ name, room, lab }: { name: string; room: string; lab: Lab }) {
  const [said, setSaid] = useState<readonly Outgoing[]>([])
  const [isCut, setCut] = useState(false)
  const { data, send, queued, inFlight, ...state } = useWebSocket<ChatMessage, Outgoing>(
    lab.url('/ws/chat', { room }),
    {
      decode: (text) => JSON.parse(String(text)),
      keep: 100,
      // After a cut the room goes on from the last message that was seen, and what was not answered is said again.
      cursor: ({ seq }) => String(seq),
      onOpen: ({ cursor = '' }) => [JSON.stringify({ after: cursor })],
      outbox: { id: ({ id }) => id, acknowledge: ({ id }) => id },
    },
  )
  const arrived = new Set(data.map(({ id }) => id))
  const say = (text: string) => {
    const message = { id: crypto.randomUUID(), from: name, text }
    setSaid([...said.filter(({ id }) => !arrived.has(id)), message])
    send(message)
  }
  const cutOff = async () => {
    await lab.unplug(!isCut)
    setCut(!isCut)
  }

  return (
    <ChatWindow
      title={name}
      self={name}
      badge={<ConnectionBadge {...state} />}
      messages={data}
      pending={said.filter(({ id }) => !arrived.has(id))}
    >
      <SendBox label={`Say something as ${name}`} onSend={say} />
      <div className="switches">
        <button type="button" aria-pressed={isCut} onClick={cutOff}>
          Cut {name} off
        </button>
        <output className="quiet" aria-label={`Outbox of ${name}`}>
          {queued} waiting, {inFlight} not yet confirmed
        </output>
      </div>
    </ChatWindow>
  )
}
