// Production: options are not checked at the call. A wrong one fails the first attempt.

export const requireWebSocketOptions: typeof import('./check-options.ts').requireWebSocketOptions = () => {}
