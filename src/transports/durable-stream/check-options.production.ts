// Production: options are not checked at the call. A wrong one fails the first attempt.

export const requireDurableStreamOptions: typeof import('./check-options.ts').requireDurableStreamOptions = () => {}
