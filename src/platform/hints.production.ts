// Production: there are no hints.

type Hints = typeof import('./hints.ts')

export type { HintHandler } from './hints.ts'
export const setHintHandler: Hints['setHintHandler'] = () => {}
export const hint: Hints['hint'] = () => {}
export const isHintActive: Hints['isHintActive'] = () => false
