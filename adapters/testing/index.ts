/**
 * A network for tests: servers with faults, virtual time, a recorder and matchers. Not for production.
 *
 * @module rxwire/testing
 */

export { FakeNetwork, type FakeNetworkOptions, fakeNetwork, type InstallOptions } from './fake-network.ts'
export { type AnswerOptions, type Direction, Faults } from './faults.ts'
export { FakeLog, type FakeLogOptions, type SeenAttempt } from './log.ts'
export { type ExpectedEvent, type WireMatchers, wireMatchers } from './matchers.ts'
export { type Msw, toMsw } from './msw.ts'
export { recordWire, type WireRecord } from './record.ts'
export {
  FakeRoute,
  type FakeSocketOptions,
  FakeSocketRoute,
  type RouteContext,
  type RouteHandler,
  type SeenRequest,
} from './routes.ts'
export { type FakeImplementations, FakeTab } from './tab.ts'
export { type FakeFile, FakeUploadServer } from './upload-server.ts'
export { type FakeFrame, FakeServerSocket } from './web-socket.ts'
