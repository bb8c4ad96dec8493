// Production: a request to a blocked port fails like one to a server that is down.

export const requireOpenPort: typeof import('./blocked-port.ts').requireOpenPort = () => {}
