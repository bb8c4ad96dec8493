import { act, cleanup } from '@testing-library/react'
import { fakeNetwork, wireMatchers } from 'rxwire/testing'

expect.extend(wireMatchers)

export const net = fakeNetwork({ seed: 1, act })

beforeEach(() => {
  net.install()
})

afterEach(async () => {
  cleanup()
  await net.advance()
  expect(net).toHaveNoLeaks()
  net.uninstall()
})
