// Production: options are not checked at the call. A wrong one fails the first attempt.

export const requireUploadOptions: typeof import('./check-options.ts').requireUploadOptions = () => {}
