import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { framePage } from '../../../../src/transports/jsonp/frame-page.ts'

/** The inner page, read from the `srcdoc` attribute as a browser does. */
function innerPage(html: string): string {
  const attribute = /srcdoc="([^"]*)"><\/iframe>$/.exec(html)?.[1] ?? ''
  return attribute.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}

/** Runs the script of the page in a minimal document. Returns the script element that it would load. */
function loadedBy(page: string): { src?: string; nonce?: string } {
  const script = { removeAttribute: () => {} }
  let appended = {}
  const code = /<script[^>]*>(.*)<\/script>$/s.exec(page)?.[1] ?? ''
  const quiet = () => {}
  runInNewContext(code, {
    MessageChannel,
    addEventListener: quiet,
    parent: {},
    postMessage: (_: unknown, __: string, [port]: MessagePort[]) => port?.close(),
    window: {},
    document: {
      currentScript: { remove: quiet },
      createElement: () => script,
      head: { append: () => (appended = { ...script }) },
    },
  })
  return appended
}

const page = (url: string, nonce?: string) =>
  innerPage(framePage({ url, nonce, callbackName: 'rxwire', isolate: true }))

it.each([
  ['the end of a script', 'http://a/?</script><script>alert(1)</script>'],
  ['the beginning of a comment', 'http://a/?<!--<script>'],
  ['quotes and backslashes', `http://a/?"'\`\\"\${1}\\`],
  ['line separators', 'http://a/?\u2028\u2029\n'],
  ['the end of CDATA', 'http://a/?]]>'],
])('embeds a URL with %s as data', (_, url) => {
  const html = page(url)
  expect(html.match(/<\/?script|<!--/g)).toEqual(['<script', '</script'])
  expect(html).not.toMatch(/[\u2028\u2029]/)
  expect(loadedBy(html).src).toBe(url)
})

it('sets the nonce of both scripts, whatever characters it contains', () => {
  const nonce = '"><b>&\'</script>'
  const html = page('http://a/', nonce)
  expect(html).toContain(`<script nonce="&#34;&#62;&#60;b&#62;&#38;'&#60;/script&#62;">`)
  expect(loadedBy(html).nonce).toBe(nonce)
})
