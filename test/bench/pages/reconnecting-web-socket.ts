import asBundled from 'reconnecting-websocket'

// Bundlers resolve the ES module of the package and its default export. The types describe the CommonJS module.
export const ReconnectingWebSocket = asBundled as unknown as typeof asBundled.default
export type ReconnectingWebSocket = InstanceType<typeof ReconnectingWebSocket>
