/** The name that the answer is called by. Constant, because each frame has one of its own: urls stay the same, too. */
export const CALLBACK = 'rxwire'

/** What the frame says: that the callback was called, or why it will not be any more. */
export type IframeMessage =
  | readonly ['answered', data: unknown]
  | readonly ['unreachable']
  | readonly ['uncalled']
  | readonly ['unclonable', why: string]
  | readonly ['broken', why: string]

/**
 * A page whose only content is a page: the one that defines the callback, loads the script, and says over a port what
 * became of it. A page in a frame inherits the address of the page around it, query and all, and so would tell it to
 * the script; this one inherits a blank, and if it `isIsolated` no referrer, in which some browsers tell it as well.
 */
export function framePage(url: string, nonce: string | undefined, isIsolated: boolean): string {
  const question = { url, name: CALLBACK, nonce: nonce ?? '' }
  const attribute = nonce === undefined ? '' : ` nonce="${attributeText(nonce)}"`
  const page = `<!doctype html><script${attribute}>(${bootstrap})(${scriptText(question)})</script>`
  const referrerPolicy = isIsolated ? '<meta name="referrer" content="no-referrer">' : ''
  return `<!doctype html>${referrerPolicy}<base href="about:blank"><iframe srcdoc="${attributeText(page)}"></iframe>`
}

// As text, because what a bundler makes of a function may lean on helpers that the frame does not have.
// The port is in nobody's hands but this function's: the script that is loaded afterwards cannot speak in its name.
const bootstrap = `({ url, name, nonce }) => {
  const { port1, port2 } = new MessageChannel()
  const say = (...word) => port1.postMessage(word)
  parent.parent.postMessage('', '*', [port2])
  addEventListener('error', ({ message }) => say('broken', message))
  window[name] = (data) => {
    try {
      say('answered', data)
    } catch (error) {
      say('unclonable', String(error))
    }
  }
  const script = document.createElement('script')
  script.onload = () => say('uncalled')
  script.onerror = () => say('unreachable')
  script.nonce = nonce
  script.src = url
  document.head.append(script)
}`

/** A value as it can stand in a script of a page: nothing in it ends the script, the string or the line. */
function scriptText(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function attributeText(text: string): string {
  return text.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`)
}
