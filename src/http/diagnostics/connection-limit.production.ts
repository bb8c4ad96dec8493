// Production: long-lived requests are not counted.

export const trackHeldConnection: typeof import('./connection-limit.ts').trackHeldConnection = () => () => {}
