/** The name of the callback. Each iframe has its own, so it can be constant, and URLs stay cacheable. */
export const CALLBACK = 'rxwire'

/** A message of the iframe: the callback was called, or why it will not be. */
export type IframeMessage =
  | readonly ['called', data: unknown]
  | readonly ['unreachable']
  | readonly ['uncalled']
  | readonly ['unclonable', error: string]
  | readonly ['broken', error: string]

/**
 * Returns a page that contains only an iframe. The page in that iframe defines the callback, loads the script and
 * reports over a port. A `srcdoc` page inherits the base URL of its parent, including the query, so the script could
 * read the URL of the caller's page. The inner page inherits `about:blank` from the outer one instead. If `isIsolated`,
 * the outer page also suppresses the referrer, because some browsers expose the same URL there.
 */
export function framePage(url: string, nonce: string | undefined, isIsolated: boolean): string {
  const options = { url, name: CALLBACK, nonce: nonce ?? '' }
  const attribute = nonce === undefined ? '' : ` nonce="${attributeText(nonce)}"`
  const page = `<!doctype html><script${attribute}>(${bootstrap})(${scriptText(options)})</script>`
  const referrerPolicy = isIsolated ? '<meta name="referrer" content="no-referrer">' : ''
  return `<!doctype html>${referrerPolicy}<base href="about:blank"><iframe srcdoc="${attributeText(page)}"></iframe>`
}

// As text, because a bundler may make a function depend on helpers that the iframe does not have. Only this function
// holds the port, so the script that it loads cannot forge messages.
const bootstrap = `({ url, name, nonce }) => {
  const { port1, port2 } = new MessageChannel()
  const post = (...message) => port1.postMessage(message)
  parent.parent.postMessage('', '*', [port2])
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
