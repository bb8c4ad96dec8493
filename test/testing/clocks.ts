import type { FakeNetwork } from 'rxwire/testing'

/** Where virtual time comes from. */
export interface VirtualTime {
  /** Installs the network with it. */
  install(net: FakeNetwork): void
  uninstall(net: FakeNetwork): void
}

const runner = typeof jest === 'undefined' ? vi : jest

/** The clock of the network, and the fake timers of the test runner. */
export const clocks: [string, VirtualTime][] = [
  ['its own clock', { install: (net) => net.install(), uninstall: (net) => net.uninstall() }],
  [
    'the fake timers of the test runner',
    {
      install: (net) => {
        runner.useFakeTimers()
        net.install()
      },
      uninstall: (net) => {
        net.uninstall()
        runner.useRealTimers()
      },
    },
  ],
]
