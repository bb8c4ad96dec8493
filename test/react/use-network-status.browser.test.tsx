import { act, cleanup, render } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { useNetworkStatus } from 'rxwire/react'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { textOf } from './support.tsx'

afterEach(cleanup)

function Status() {
  return <output aria-label="status">{useNetworkStatus()}</output>
}

/** Simulates the network status. Really going offline would close the connection of the test itself. */
function tell(isOnline: boolean): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline)
  act(() => dispatchEvent(new Event(isOnline ? 'online' : 'offline')))
}

it('returns the network status of the browser, and online on a server', () => {
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  render(<Status />)
  expect(textOf('status')).toBe('online')
  tell(false)
  expect(textOf('status')).toBe('offline')
  expect(renderToString(<Status />)).toContain('online')
  tell(true)
  expect(textOf('status')).toBe('online')
})
