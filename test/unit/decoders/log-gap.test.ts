import { expect, it } from 'vitest'
import { isGapEvent } from '../../../src/decoders/log-gap.ts'

it.each([
  ['the gap of a log', '{"from":"3","to":"5"}', '5', 'gap', true],
  ['an event of another name', '{"from":"3","to":"5"}', '5', 'hole', false],
  ['an event without an id', '{"from":"3"}', undefined, 'gap', false],
  ['a gap that ends elsewhere', '{"from":"3","to":"5"}', '6', 'gap', false],
  ['text', 'mind the gap', '5', 'gap', false],
  ['null', 'null', '5', 'gap', false],
])('reads %s', (_, data, id, name, expected) => {
  expect(isGapEvent(data, id, name)).toBe(expected)
})
