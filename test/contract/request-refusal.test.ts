import { HttpError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { requesters } from './requesters.ts'

const BODY_LENGTH = 8 * 1024

for (const { name, request, responseTypes } of requesters()) {
  describe(`an error response to ${name}`, () => {
    for (const responseType of responseTypes) {
      it(`has a status, headers and the text of its body (responseType ${responseType})`, async () => {
        const url = backend().url('/http/status', { status: 403 })
        const session = record(request(url, { responseType }))
        const error = await session.ended()
        expect(error).toBeInstanceOf(HttpError)
        const { headers, message, ...rest } = error as HttpError
        expect(rest).toMatchObject({
          kind: 'http',
          status: 403,
          bodyText: '\u2603 not today',
          url,
          retryAfterMs: undefined,
        })
        expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
        expect(message).toContain('/http/status responded with 403')
        expect(message).not.toContain('key=')
        expect(session.types()).toEqual(['connecting'])
      })

      it(`has at most 8 KiB of body text (responseType ${responseType})`, async () => {
        const url = backend().url('/http/status', { status: 400, length: 1_000_000 })
        const { bodyText } = (await record(request(url, { responseType })).ended()) as HttpError
        expect(bodyText.length).toBe(BODY_LENGTH)
        expect(bodyText.slice(0, 15)).toBe('\u2603 not today....')
      })
    }

    it('does not hang if its body never ends', async () => {
      const server = backend()
      const session = record(request(server.url('/http/status', { stall: 1 })))
      expect(await session.ended()).toMatchObject({ status: 404, bodyText: '\u2603 not today' })
      await server.expectNoConnections()
    })

    it('includes a 304 if the caller sets If-None-Match itself', async () => {
      const headers = { 'if-none-match': '"first"' }
      const session = record(request(backend().url('/http/json'), { headers }))
      expect(await session.ended()).toMatchObject({ kind: 'http', status: 304, retryable: false })
    })
  })
}
