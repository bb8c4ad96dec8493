/**
 * One log, every transport: Durable Streams, Server-Sent Events, NDJSON, long poll and WebSocket, with one cursor.
 *
 * @module rxwire/server
 */

export type { Log, Logs } from './logs.ts'
export { LogError, logsOf } from './logs.ts'
export { memoryLogs } from './memory-logs.ts'
export type { Access, Authorize, CorsOptions, ReadOptions, ServeOptions } from './options.ts'
export type { IoRedisClient, NodeRedisClient } from './redis-client.ts'
export { type RedisLogsOptions, redisLogs } from './redis-logs.ts'
export { type RequestHandler, type ServeLogsOptions, serveLog, serveLogs } from './serve-log.ts'
export { type ServeSocketOptions, type SocketReader, serveSocket } from './serve-socket.ts'
export type { LogSocket } from './socket-writer.ts'
export { sqliteLogs } from './sqlite-logs.ts'
export {
  type AppendOptions,
  type AppendResult,
  type LogConfig,
  type LogHead,
  type LogPage,
  type LogStore,
  type PageLimit,
  type Producer,
  type ReadResult,
  type Retention,
  StoreError,
} from './store.ts'
export { type NodeRequest, type NodeResponse, type ToNodeOptions, toNode } from './to-node.ts'
