import { type ReactNode, useEffect, useRef } from 'react'
import type { ChatMessage } from '../../test/server/chat-rooms.ts'

/** A conversation as one person sees it. Messages that are not confirmed yet are at its end. */
export function ChatWindow({
  title,
  self,
  badge,
  messages,
  pending,
  children,
}: {
  title: string
  self: string
  badge?: ReactNode
  messages: readonly ChatMessage[]
  pending: readonly { readonly id: string; readonly text: string }[]
  children?: ReactNode
}) {
  const end = useRef<HTMLOListElement>(null)
  useEffect(() => {
    end.current?.scrollTo({ top: end.current.scrollHeight })
  }, [messages.length, pending.length])
  return (
    <article className="card">
      <header>
        <h2>{title}</h2>
        {badge}
      </header>
      <section>
        <ol className="chat" aria-label={`What ${title} sees`} ref={end}>
          {messages.length + pending.length === 0 && <li className="blank">No messages yet</li>}
          {messages.map(({ id, from, text, at }) => (
            <li key={id} data-own={from === self}>
              <p>{text}</p>
              <small>
                {from}, {new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' })}
              </small>
            </li>
          ))}
          {pending.map(({ id, text }) => (
            <li key={id} data-own data-pending>
              <p>{text}</p>
              <small>sending</small>
            </li>
          ))}
        </ol>
      </section>
      {children !== undefined && <footer className="stack">{children}</footer>}
    </article>
  )
}
