import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Linked, LinkedQueue } from '../../../src/outbox/entry.ts'

interface Element extends Linked<Element> {
  readonly number: number
}

function forwards(queue: LinkedQueue<Element>): Element[] {
  const elements: Element[] = []
  for (let at = queue.first; at !== undefined; at = at.next) elements.push(at)
  return elements
}

function backwards(queue: LinkedQueue<Element>): Element[] {
  const elements: Element[] = []
  for (let at = forwards(queue).at(-1); at !== undefined; at = at.previous) elements.push(at)
  return elements
}

const step = fc.record({
  kind: fc.constantFrom('append' as const, 'append' as const, 'insert' as const, 'remove' as const),
  which: fc.nat(),
})

it('a linked queue matches an array from both ends after any sequence of inserts and removals', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new LinkedQueue<Element>()
      const plain: Element[] = []
      for (const [number, { kind, which }] of steps.entries()) {
        const at = which % (plain.length || 1)
        const there = plain[at]
        if (kind === 'remove') {
          if (there === undefined) continue
          queue.remove(there)
          plain.splice(at, 1)
          expect(there).toMatchObject({ previous: undefined, next: undefined })
        } else {
          const element: Element = { number, previous: undefined, next: undefined }
          const before = kind === 'insert' ? there : undefined
          queue.insert(element, before)
          plain.splice(before === undefined ? plain.length : at, 0, element)
        }
        expect(queue.first).toBe(plain[0])
        const numbers = plain.map((each) => each.number)
        expect(forwards(queue).map((each) => each.number)).toEqual(numbers)
        expect(backwards(queue).map((each) => each.number)).toEqual(numbers.toReversed())
      }
    }),
  )
})
