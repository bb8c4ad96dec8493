// Production: options are not checked at the call. A wrong one fails the first attempt.

export const requireRequestWireOptions: typeof import('./check-request.ts').requireRequestWireOptions = () => {}
