import { describe, expect, it } from 'vitest'
import { requesters } from './requesters.ts'

const nonsense: [string, Record<string, unknown>][] = [
  ['method', { method: 'NOT A METHOD' }],
  ['method', { method: 'TRACE' }],
  ['responseType', { responseType: 'xml' }],
  ['decode', { decode: 'json' }],
  ['credentials', { credentials: 'always' }],
  ['headers', { headers: { 'not a name': '1' } }],
  ['body', { body: 'of a GET' }],
  ['json', { json: {} }],
  ['json', { method: 'POST', json: {}, body: 'and a body' }],
  ['query', { query: 'a=b' }],
  ['query', { query: ['a', 'b'] }],
  ['credentialOrigins', { credentialOrigins: 'https://api.example' }],
  ['credentialOrigins', { credentialOrigins: ['https://api.example/'] }],
  ['credentialOrigins', { credentialOrigins: ['https://api.example/path'] }],
  ['credentialOrigins', { credentialOrigins: ['https://api.example:443'] }],
  ['credentialOrigins', { credentialOrigins: ['api.example'] }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['timeoutMs', { timeoutMs: Number.NaN }],
  ['maxRetries', { retry: { maxRetries: -1 } }],
  ['backoff', { retry: { backoff: 100 } }],
]

for (const { name, request } of requesters()) {
  describe(`${name}, when it is called`, () => {
    it.each(nonsense)('throws on an invalid %s: %j', (option, options) => {
      const call = () => request('/', options)
      expect(call).toThrow(TypeError)
      expect(call).toThrow(option)
    })

    it.each(['http://[', 'http://ada:secret@localhost/', undefined, 7])('throws on the url %j', (url) => {
      const call = () => request(url as never)
      expect(call).toThrow(TypeError)
      expect(call).toThrow('url')
    })
  })
}
