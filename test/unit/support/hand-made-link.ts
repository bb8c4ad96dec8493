import type { OutboxLink } from 'rxwire'

/** An open connection controlled by the test. Records the messages that are written to it. */
export class HandMadeLink<C> implements OutboxLink<C> {
  readonly written: C[] = []
  isWritable: boolean
  bufferedBytes = 0
  /** Runs during a `write`. If it throws, the message cannot be encoded. */
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

/** The messages that a link receives when it is attached now. */
export function written<C>(outbox: { attach(link: HandMadeLink<C>): unknown }): C[] {
  const link = new HandMadeLink<C>()
  outbox.attach(link)
  return link.written
}
