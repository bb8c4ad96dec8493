import { fakeNetwork } from 'rxwire/testing'

/** The network within the page. Its latency makes responses asynchronous, like those of a server. */
export const net = fakeNetwork({ latencyMs: 5 })
