/** A message of the iframe: the callback was called, or why it will not be. */
export type IframeMessage =
  | readonly ['called', data: unknown]
  | readonly ['unreachable']
  | readonly ['uncalled']
  | readonly ['unclonable', error: string]
  | readonly ['broken', error: string]

/** Options of {@link framePage}. */
export interface FramePageOptions {
  readonly url: string
  /** The name of the global function that the script calls. */
  readonly callbackName: string
  readonly nonce: string | undefined
  /** Whether the script is isolated from the page of the caller. */
  readonly isolate: boolean
}

/**
 * Returns a page that contains only an iframe. The page in that iframe defines the callback, loads the script and
 * reports over a port. A `srcdoc` page inherits the base URL of its parent, including the query, so the script could
 * read the URL of the caller's page. The inner page inherits `about:blank` from the outer one instead. If `isolate`,
 * the outer page also suppresses the referrer, because some browsers expose the same URL there.
 */
export function framePage({ url, callbackName, nonce, isolate }: FramePageOptions): string {
  const options = { url, name: callbackName, nonce: nonce ?? '' }
  const attribute = nonce === undefined ? '' : ` nonce="${attributeText(nonce)}"`
  const page = `<!doctype html><script${attribute}>(${bootstrap})(${scriptText(options)})</script>`
  const referrerPolicy = isolate ? '<meta name="referrer" content="no-referrer">' : ''
  return `<!doctype html>${referrerPolicy}<base href="about:blank"><iframe srcdoc="${attributeText(page)}"></iframe>`
}

// As text, because a bundler may make a function depend on helpers that the iframe does not have. Only this function
// holds the port and the nonce, so the script that it loads can neither forge messages nor read the nonce: the elements
// that carry it are removed, or lose it once the request has started. `postMessage` is that of this page, and is taken
// before the script runs, because a page or the script may replace its own. Other listeners of the page may parse the
// message as JSON.
const bootstrap = `({ url, name, nonce }) => {
  document.currentScript.remove()
  const { port1, port2 } = new MessageChannel()
  const send = port1.postMessage.bind(port1)
  const post = (...message) => send(message)
  postMessage.call(parent.parent, '{}', '*', [port2])
  addEventListener('error', ({ message }) => post('broken', message))
  window[name] = (data) => {
    try {
      post('called', data)
    } catch (error) {
      post('unclonable', String(error))
    }
  }
  const script = document.createElement('script')
  script.onload = () => post('uncalled')
  script.onerror = () => post('unreachable')
  script.nonce = nonce
  script.src = url
  document.head.append(script)
  script.nonce = ''
  script.removeAttribute('nonce')
}`

/** JSON for the script of a page, escaped so that it cannot end the script, the string or the line. */
function scriptText(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function attributeText(text: string): string {
  return text.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`)
}
