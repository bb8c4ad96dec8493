import type { Scenario } from '../scenario.ts'

/** What the script has tried, and what it got: `null` if the browser gave nothing. */
export interface Misdeed {
  readonly deed: string
  readonly got: string | null
}

/** An answer that tries what an answer should not, and reports how it went. */
export const jsonpEvil: Scenario = {
  path: '/jsonp/evil',
  serve({ response, query }) {
    response
      .writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' })
      .end(script(query.get('callback') ?? ''))
  },
}

// What a page keeps under `secret`, in its cookies, its storage or its own variables, is what the script is after.
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
  // In the name of the frame, in the words that it uses, and with a port as it has one.
  page.postMessage(['answered', 'forged'], '*')
  page.postMessage('', '*', [new MessageChannel().port2])
  ${callback}(Object.entries(misdeeds).map(([deed, misdeed]) => ({ deed, got: attempt(misdeed) })))
  ${callback}('twice')
}`
