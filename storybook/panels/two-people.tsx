import { type ComponentType, type ReactNode, useMemo, useState } from 'react'
import type { WireResult } from 'rxwire/react'
import type { ChatMessage } from '../../test/server/chat-rooms.ts'
import { WithoutServer } from './card.tsx'
import { ChatWindow } from './chat-window.tsx'
import { ConnectionBadge } from './connection-badge.tsx'
import { type Lab, useLab } from './lab.ts'
import { SendBox } from './send-box.tsx'

/** A message before the server has numbered it. */
export interface Saying {
  readonly id: string
  readonly from: string
  readonly text: string
}

/** One person: the name, the room and a network. */
export interface PersonProps {
  readonly name: string
  readonly room: string
  readonly lab: Lab
}

/** Two people in one room, each over its own network. */
export function TwoPeople({ about, Person }: { about: string; Person: ComponentType<PersonProps> }) {
  const room = useMemo(() => crypto.randomUUID(), [])
  return (
    <div className="stack">
      <p className="quiet">{about}</p>
      <div className="side-by-side">
        {['Ada', 'Grace'].map((name) => (
          <AtTheLab key={name} name={name} room={room} Person={Person} />
        ))}
      </div>
    </div>
  )
}

function AtTheLab({ Person, ...props }: Omit<PersonProps, 'lab'> & { Person: ComponentType<PersonProps> }) {
  const { lab, error } = useLab()
  if (error !== undefined) return <WithoutServer error={error} />
  if (lab !== undefined) return <Person lab={lab} {...props} />
  return <ChatWindow title={props.name} self={props.name} messages={[]} pending={[]} />
}

/** The view of one person. Messages that the room has not confirmed yet are at the end. */
export function Conversation({
  person: { name, lab },
  wire: { data, ...state },
  onSay,
  children,
}: {
  person: PersonProps
  wire: WireResult<readonly ChatMessage[]>
  onSay: (saying: Saying) => void
  children?: ReactNode
}) {
  const [said, setSaid] = useState<readonly Saying[]>([])
  const [isCut, setCut] = useState(false)
  const heard = new Set(data.map(({ id }) => id))
  const pending = said.filter(({ id }) => !heard.has(id))
  const say = (text: string) => {
    const saying = { id: crypto.randomUUID(), from: name, text }
    setSaid([...pending, saying])
    onSay(saying)
  }
  const cutOff = async () => {
    await lab.unplug(!isCut)
    setCut(!isCut)
  }
  return (
    <ChatWindow title={name} self={name} badge={<ConnectionBadge {...state} />} messages={data} pending={pending}>
      <SendBox label={`Say something as ${name}`} onSend={say} />
      <div className="switches">
        <button type="button" aria-pressed={isCut} onClick={cutOff}>
          Cut {name} off
        </button>
        {children}
      </div>
    </ChatWindow>
  )
}
