import type { OutboxLink } from 'rxwire'

/** An open connection, played by hand: it takes what it is given while it is writable, and writes it down. */
export class HandMadeLink<C> implements OutboxLink<C> {
  readonly written: C[] = []
  isWritable: boolean
  bufferedBytes = 0
  /** What happens in the midst of a `write`; what it throws is the message's fault. */
  onWrite: (message: C) => void = () => {}

  constructor(isWritable = true) {
    this.isWritable = isWritable
  }

  write(message: C): void {
    this.onWrite(message)
    this.written.push(message)
  }
}

/** A link that reaches its high-water mark with each message. */
export function narrowLink<C>(): HandMadeLink<C> {
  const link = new HandMadeLink<C>()
  link.onWrite = () => {
    link.isWritable = false
  }
  return link
}

/** What a link gets that comes now. */
export function handedOver<C>(outbox: { attach(link: HandMadeLink<C>): unknown }): C[] {
  const link = new HandMadeLink<C>()
  outbox.attach(link)
  return link.written
}
