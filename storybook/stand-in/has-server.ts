/** Whether the demo server serves this page. A built Storybook has only files. */
export const hasServer: boolean = !import.meta.env.PROD

/** Returns the play function only where the story has its server. */
export function withServer<P>(play: P): P | undefined {
  return hasServer ? play : undefined
}
