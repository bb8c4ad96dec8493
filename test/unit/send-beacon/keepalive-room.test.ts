import { afterEach, expect, it } from 'vitest'
import { reserveKeepalive } from '../../../src/transports/send-beacon.ts'

const KIB = 1024
let taken: (() => void)[] = []

/** Returns whether there was room. */
function take(bytes: number | undefined): boolean {
  const leave = reserveKeepalive(bytes)
  if (leave !== undefined) taken.push(leave)
  return leave !== undefined
}

function leaveAll(): void {
  for (const leave of taken) leave()
  taken = []
}

afterEach(leaveAll)

it('has room for exactly 60 KiB', () => {
  expect(take(60 * KIB + 1)).toBe(false)
  expect(take(59 * KIB)).toBe(true)
  expect(take(KIB)).toBe(true)
  expect(take(1)).toBe(false)
  expect(take(0)).toBe(true)
})

it('has room for nine requests', () => {
  expect(Array.from({ length: 10 }, () => take(1))).toEqual([...Array(9).fill(true), false])
})

it('has room again after a release', () => {
  for (let round = 0; round < 3; round += 1) {
    expect(take(60 * KIB)).toBe(true)
    expect(take(1)).toBe(false)
    leaveAll()
  }
})

it('has no room for a body of unknown size', () => {
  expect(take(undefined)).toBe(false)
})
