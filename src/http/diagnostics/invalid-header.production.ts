// Production: an error does not say which header is invalid.

export const invalidHeaderOf: typeof import('./invalid-header.ts').invalidHeaderOf = () => ''
