import type { Scenario } from '../scenario.ts'

/** What the script tried, and what it got: `null` if the browser refused. */
export interface Misdeed {
  readonly deed: string
  readonly got: string | null
}

/** A script that attacks the page and reports which attacks succeeded. */
export const jsonpEvil: Scenario = {
  path: '/jsonp/evil',
  serve({ response, query }) {
    response
      .writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' })
      .end(script(query.get('callback') ?? ''))
  },
}

// The script tries to read `secret` from the cookies, the storage and the global variables of the page.
const script = (callback: string) => `{
  const page = parent.parent
  const misdeeds = {
    'read the page': () => page.document.documentElement.outerHTML.length.toLocaleString('en') + ' characters',
    'read its cookies': () => document.cookie || null,
    'read its storage': () => localStorage.getItem('secret') ?? 'nothing',
    'read its variables': () => String(page.secret),
    'see its address': () => new URL(document.baseURI === 'about:blank' ? page.location : document.baseURI).pathname,
    'leave something behind': () => (page.leftBehind = 'a variable'),
  }
  const attempt = (misdeed) => {
    try {
      return misdeed()
    } catch {
      return null
    }
  }
  // Forges the messages of the frame, with and without a port.
  page.postMessage(['called', 'forged'], '*')
  page.postMessage('', '*', [new MessageChannel().port2])
  ${callback}(Object.entries(misdeeds).map(([deed, misdeed]) => ({ deed, got: attempt(misdeed) })))
  ${callback}('twice')
}`
