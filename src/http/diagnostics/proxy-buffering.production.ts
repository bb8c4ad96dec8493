// Production: proxies are not looked for.

export const watchBuffering: typeof import('./proxy-buffering.ts').watchBuffering = (_, onPiece) => onPiece
