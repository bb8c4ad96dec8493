import {
  type FakeNetwork,
  type FakeNetworkOptions,
  fakeNetwork,
  type InstallOptions,
  wireMatchers,
} from 'rxwire/testing'
import { afterEach, beforeEach, expect } from 'vitest'

expect.extend(wireMatchers)

/** A fake network that is installed for each test in the file, with virtual time. */
export function networkForEachTest(options?: FakeNetworkOptions, install?: InstallOptions): FakeNetwork {
  const net = fakeNetwork(options)
  beforeEach(() => {
    net.install(install)
  })
  afterEach(() => {
    net.uninstall()
    net.restore()
  })
  return net
}
