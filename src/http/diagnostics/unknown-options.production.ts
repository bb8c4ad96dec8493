// Production: the names of options are not checked.

export const hintUnknownOptions: typeof import('./unknown-options.ts').hintUnknownOptions = () => {}
