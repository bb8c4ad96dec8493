// Production: an error names no headers.

type CorsAdvice = typeof import('./cors-advice.ts')

export const crossOriginAdvice: CorsAdvice['crossOriginAdvice'] = () => ''
export const corsAdvice: CorsAdvice['corsAdvice'] = () => ''
export const noteReadable: CorsAdvice['noteReadable'] = () => {}
