/** What can stand in a {@link LinkedQueue}, and in one only. */
export interface Linked<E> {
  previous: E | undefined
  next: E | undefined
}

/** A queue whose elements may leave from anywhere: what expires, is taken back, or gives way to another. */
export class LinkedQueue<E extends Linked<E>> {
  #first: E | undefined
  #last: E | undefined

  get first(): E | undefined {
    return this.#first
  }

  /** Places an element in front of another one, or at the end. */
  insert(element: E, before?: E): void {
    const previous = before === undefined ? this.#last : before.previous
    element.previous = previous
    element.next = before
    if (previous === undefined) this.#first = element
    else previous.next = element
    if (before === undefined) this.#last = element
    else before.previous = element
  }

  remove(element: E): void {
    const { previous, next } = element
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    element.previous = undefined
    element.next = undefined
  }
}
