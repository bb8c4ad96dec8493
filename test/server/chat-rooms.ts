import type { Lab } from './lab.ts'

const KEPT = 200
const TEXT_MAX = 500

/** A chat message. */
export interface ChatMessage {
  readonly seq: number
  readonly id: string
  readonly from: string
  readonly text: string
  readonly at: number
}

/** A chat room that is shared by all transports. */
export class ChatRoom {
  readonly #messages: ChatMessage[] = []
  /** The ids of the messages so far. A message with a known id is a repetition and is ignored. */
  readonly #ids = new Set<string>()
  readonly #members = new Set<(message: object) => void>()

  after(seq: number): readonly ChatMessage[] {
    return this.#messages.filter((message) => message.seq > seq)
  }

  /** Adds a member. Returns a function that removes it. */
  enter(hear: (message: object) => void): () => void {
    this.#members.add(hear)
    return () => this.#members.delete(hear)
  }

  /** Stores a message and sends it to all members, once for each id. */
  say({ id, from, text }: Readonly<Record<string, unknown>>): void {
    if (typeof id !== 'string' || typeof from !== 'string' || typeof text !== 'string' || this.#ids.has(id)) return
    this.#ids.add(id)
    const message: ChatMessage = { seq: this.#ids.size, id, from, text: text.slice(0, TEXT_MAX), at: Date.now() }
    this.#messages.push(message)
    if (this.#messages.length > KEPT) this.#messages.shift()
    this.tell(message)
  }

  /** Sends a message to all members except one, without storing it. */
  tell(message: object, except?: (message: object) => void): void {
    for (const hear of [...this.#members]) if (hear !== except) hear(message)
  }
}

const roomsOf = new WeakMap<Lab, Map<string, ChatRoom>>()

export function chatRoom(lab: Lab, name: string | null): ChatRoom {
  const rooms = roomsOf.get(lab) ?? new Map<string, ChatRoom>()
  roomsOf.set(lab, rooms)
  const room = rooms.get(name ?? 'lobby') ?? new ChatRoom()
  rooms.set(name ?? 'lobby', room)
  return room
}
