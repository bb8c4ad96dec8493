import { request } from 'node:http'
import { expect, it } from 'vitest'
import { backend } from '../backend.ts'

it.each([
  ['//', 400],
  ['/nowhere', 404],
])('the test server responds to %j with %i and keeps running', async (path, status) => {
  const server = backend()
  const { port } = new URL(server.url('/'))
  const answered = new Promise((resolve, reject) => {
    request({ port, path, agent: false }, ({ statusCode }) => resolve(statusCode))
      .on('error', reject)
      .end()
  })
  expect(await answered).toBe(status)
  expect((await server.stats()).open).toBe(0)
})
