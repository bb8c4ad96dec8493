import { expect, it } from 'vitest'
import { settled } from '../../src/engine/provide.ts'
import { unhandledRejections } from './support/fates.ts'

it('a promise that rejects after the attempt has ended is no unhandled rejection', async () => {
  const controller = new AbortController()
  controller.abort(new Error('left'))
  const rejections = await unhandledRejections(async () => {
    const late = Promise.resolve().then(() => Promise.reject(new RangeError('too late')))
    await expect(settled('url', late, controller.signal)).rejects.toThrow('left')
    await new Promise((resolve) => setTimeout(resolve, 10))
  })
  expect(rejections).toEqual([])
})
