/** A browser that is driven over the W3C WebDriver protocol, with the commands that the tests need. */
export interface WebDriverSession {
  goTo(url: string): Promise<void>
  /** Presses one key after the other in the focused element. `{Enter}` stands for the Enter key. */
  type(text: string): Promise<void>
  /** Closes the browser. */
  close(): Promise<void>
}

/** Starts a browser through the driver at an address. */
export async function startSession(driver: string, capabilities: object): Promise<WebDriverSession> {
  const { sessionId } = await command<{ sessionId: string }>('POST', `${driver}/session`, {
    capabilities: { alwaysMatch: capabilities },
  })
  const session = `${driver}/session/${sessionId}`
  return {
    goTo: (url) => command('POST', `${session}/url`, { url }),
    type: (text) => {
      const presses = keysOf(text).flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value })))
      return command('POST', `${session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions: presses }] })
    },
    close: () => command('DELETE', session),
  }
}

// [spec] WebDriver §17.4.2.
const ENTER = '\uE007'

function keysOf(text: string): string[] {
  return [...text.replaceAll('{Enter}', ENTER)]
}

async function command<T>(method: string, url: string, parameters?: object): Promise<T> {
  const response = await fetch(url, { method, ...(parameters && { body: JSON.stringify(parameters) }) })
  const { value } = (await response.json()) as { value: T }
  // [spec] WebDriver §6.3: the status tells whether the command succeeded, the value contains the error.
  if (!response.ok) throw new Error(`WebDriver refused ${method} ${url}: ${JSON.stringify(value)}`)
  return value
}
