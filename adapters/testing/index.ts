/**
 * A network for tests: servers with faults, virtual time, a recorder and matchers. Not for production.
 *
 * @module rxwire/testing
 */

export type { FakeImplementations, FakeTab } from './browser/tab.ts'
export type { AnswerOptions, Direction, Faults } from './connection/faults.ts'
export type { FakeFrame, FakeServerSocket } from './connection/server-socket.ts'
export { type FakeNetwork, type FakeNetworkOptions, fakeNetwork, type InstallOptions } from './fake-network.ts'
export { type ExpectedEvent, type WireMatchers, wireMatchers } from './matchers.ts'
export { type Msw, type MswConnection, toMsw } from './msw.ts'
export { recordWire, type WireRecord } from './record.ts'
export type { FakeLog, FakeLogOptions, SeenAttempt } from './servers/log.ts'
export type { FakeRoute, FakeRouteOptions, RouteContext, RouteHandler, SeenRequest } from './servers/route.ts'
export type { FakeSocketOptions, FakeSocketRoute } from './servers/socket-route.ts'
export type { FakeFile, FakeUploadServer } from './servers/upload-server.ts'
