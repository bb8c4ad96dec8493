import { useCallback, useEffect, useState } from 'react'
import type { ChatMessage } from '../../../test/server/chat-rooms.ts'
import { useChat as usePlainChat } from './code/chat.plain.ts'
import { useChat } from './code/chat.rxwire.ts'
import { type SideProps, useStatus } from './side.ts'
import { whyOf } from './why.ts'

/** A message before the server has numbered it. */
export interface Saying {
  readonly id: string
  readonly from: string
  readonly text: string
}

/** A message as the room sends it to its members. */
export type Said = ChatMessage

const EVERY_MS = 700
const SHOWN = 5

export function PlainChat(props: SideProps) {
  const { said, onMessage } = useSaid(props)
  const { connection, send } = usePlainChat(roomUrl(props, 'plain'), props.lab.token, onMessage)
  useStatus(props.side, connection, connection === 'waiting' ? 'connects again every second' : '')
  useSayings(props, send)
  return <Room said={said} />
}

export function RxwireChat(props: SideProps) {
  const { said, onMessage } = useSaid(props)
  const state = useChat(roomUrl(props, 'rxwire'), props.lab.token, onMessage)
  useStatus(props.side, state.connection, whyOf(state))
  useSayings(props, state.send)
  return <Room said={said} />
}

function Room({ said }: { said: readonly (Said & { readonly nth: number })[] }) {
  return (
    <ol className="chat">
      {said.map(({ nth, text }) => (
        <li key={nth} data-own>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  )
}

/** Sends a numbered message again and again. Each is expected back from the room. */
function useSayings({ side }: SideProps, send: (saying: Saying) => void) {
  useEffect(() => {
    let n = 0
    const timer = setInterval(() => {
      n += 1
      side.account.expect(n)
      send({ id: String(n), from: 'me', text: `Message ${n}` })
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [side])
}

function useSaid({ side }: SideProps) {
  const [said, setSaid] = useState<readonly (Said & { readonly nth: number })[]>([])
  const onMessage = useCallback(
    (message: Said) => {
      side.receive(Number(message.id))
      setSaid((before) => [...before.slice(1 - SHOWN), { ...message, nth: (before.at(-1)?.nth ?? 0) + 1 }])
    },
    [side],
  )
  return { said, onMessage }
}

/** Each column has a room of its own, so that neither sees what the other one sends. */
function roomUrl({ lab, side }: SideProps, name: string): string {
  return lab.url('/ws/chat', { room: `${name}-${side.id}` })
}
