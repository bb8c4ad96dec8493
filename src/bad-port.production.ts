// Production: a blocked port is a failure like that of any server that does not respond.

export const requireOpenPort: typeof import('./bad-port.ts').requireOpenPort = () => {}
