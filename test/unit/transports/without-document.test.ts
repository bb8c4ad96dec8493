import { fromImagePing, fromJsonp } from 'rxwire'
import { expect, it } from 'vitest'
import { record } from '../../record.ts'

it.each([
  ['fromJsonp', fromJsonp],
  ['fromImagePing', fromImagePing],
] as const)('%s fails without a document and does not retry', async (_, request) => {
  const hasPage = typeof document !== 'undefined'
  expect(hasPage).toBe(false)
  const session = record(request('http://127.0.0.1/answer?token=1'))
  expect(await session.ended()).toMatchObject({
    kind: 'network',
    retryable: false,
    message: expect.stringMatching('GET http://127.0.0.1/answer needs a page.*fromFetch'),
  })
  expect(session.types()).toEqual(['connecting'])
})
