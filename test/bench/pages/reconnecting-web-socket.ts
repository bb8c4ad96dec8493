import asBundled from 'reconnecting-websocket'

// Bundlers take the ES module of the package, whose default this is; its types speak of the CommonJS one.
export const ReconnectingWebSocket = asBundled as unknown as typeof asBundled.default
export type ReconnectingWebSocket = InstanceType<typeof ReconnectingWebSocket>
