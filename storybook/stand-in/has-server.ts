/** Whether the demo server is behind this page. Behind a Storybook that was built there are only files. */
export const hasServer: boolean = !import.meta.env.PROD

/** What a story plays only where it has its server. */
export function withServer<P>(play: P): P | undefined {
  return hasServer ? play : undefined
}
