import { cleanup, render } from '@testing-library/react'
import { useEventSource, useLongPoll } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { expectText } from './support.tsx'

afterEach(cleanup)

it('components with the same key and url share no connection if their transports differ', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'data: 1\n\n' })
  const Stream = () => <output aria-label="stream">{useEventSource(url, { key: 'a' }).connection}</output>
  const Poll = () => <output aria-label="poll">{useLongPoll(url, { key: 'a', reconnect: false }).connection}</output>
  render(
    <>
      <Stream />
      <Poll />
    </>,
  )
  await expectText('stream', 'open')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
})
