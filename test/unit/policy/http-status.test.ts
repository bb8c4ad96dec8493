import { describe, expect, it } from 'vitest'
import { isQuietPoll, type StatusVerdict, streamVerdict } from '../../../src/policy/http-status.ts'

const table: Record<StatusVerdict, number[]> = {
  retry: [408, 425, 429, 500, 502, 503, 504, 507, 508, 520, 522, 524, 599],
  refresh: [401],
  final: [204, 205, 300, 304, 400, 402, 403, 404, 405, 406, 407, 409, 410, 413, 415, 422, 426, 451, 499, 501, 505, 511],
}

describe('streamVerdict', () => {
  for (const [verdict, statuses] of Object.entries(table)) {
    it.each(statuses)(`returns "${verdict}" for %i`, (status) => {
      expect(streamVerdict(status)).toBe(verdict)
    })
  }
})

describe('isQuietPoll', () => {
  it.each([204, 304])('says that %i brings nothing new', (status) => {
    expect(isQuietPoll(status, 0)).toBe(true)
  })

  it.each([502, 504])('says that %i brings nothing new if the proxy has waited', (status) => {
    expect(isQuietPoll(status, 5_000)).toBe(true)
    expect(isQuietPoll(status, 4_999)).toBe(false)
  })

  it.each([200, 205, 400, 404, 500, 503])('does not say so of %i', (status) => {
    expect(isQuietPoll(status, 60_000)).toBe(false)
  })
})
