// Production: options are not checked at the call. A wrong one fails the first attempt.

export const requirePolicy: typeof import('./check-policy.ts').requirePolicy = () => {}
