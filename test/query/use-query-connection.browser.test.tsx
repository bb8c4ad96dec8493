import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { Subject } from 'rxjs'
import type { WireEvent } from 'rxwire'
import { liveQueryOptions } from 'rxwire/query'
import { useQueryConnection } from 'rxwire/query/react'
import { afterEach, expect, it } from 'vitest'
import { createClient, observe } from './observe.ts'

afterEach(cleanup)

it('renders the connection of a live query, for the key of the last render', async () => {
  const client = createClient()
  const wire = new Subject<WireEvent<string>>()
  const Status = ({ of }: { of: string }) => (
    <output aria-label="status">{useQueryConnection(client, ['feed', of]).connection}</output>
  )
  const shown = () => act(async () => screen.getByLabelText('status').textContent)
  const { rerender } = render(<Status of="a" />, { wrapper: StrictMode })
  expect(await shown()).toBe('idle')
  observe(client, liveQueryOptions({ queryKey: ['feed', 'a'], wire: () => wire }))
  await expect.poll(() => wire.observed).toBe(true)
  for (const connection of ['connecting', 'open'] as const) {
    wire.next({ type: connection, attempt: 0 })
    await expect.poll(shown).toBe(connection)
  }
  rerender(<Status of="b" />)
  expect(await shown()).toBe('idle')
  rerender(<Status of="a" />)
  expect(await shown()).toBe('open')
})
