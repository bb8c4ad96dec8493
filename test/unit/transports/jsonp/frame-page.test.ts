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
  const script = {}
  const code = /<script[^>]*>(.*)<\/script>$/s.exec(page)?.[1] ?? ''
  const quiet = () => {}
  runInNewContext(code, {
    MessageChannel,
    addEventListener: quiet,
    parent: { parent: { postMessage: (_: unknown, __: string, [port]: MessagePort[]) => port?.close() } },
    window: {},
    document: { createElement: () => script, head: { append: quiet } },
  })
  return script
}

it.each([
  ['the end of a script', 'http://a/?</script><script>alert(1)</script>'],
  ['the beginning of a comment', 'http://a/?<!--<script>'],
  ['quotes and backslashes', `http://a/?"'\`\\"\${1}\\`],
  ['line separators', 'http://a/?\u2028\u2029\n'],
  ['the end of CDATA', 'http://a/?]]>'],
])('embeds a URL with %s as data', (_, url) => {
  const page = innerPage(framePage(url, undefined, true))
  expect(page.match(/<\/?script|<!--/g)).toEqual(['<script', '</script'])
  expect(page).not.toMatch(/[\u2028\u2029]/)
  expect(loadedBy(page).src).toBe(url)
})

it('sets the nonce of both scripts, whatever characters it contains', () => {
  const nonce = '"><b>&\'</script>'
  const page = innerPage(framePage('http://a/', nonce, true))
  expect(page).toContain(`<script nonce="&#34;&#62;&#60;b&#62;&#38;'&#60;/script&#62;">`)
  expect(loadedBy(page).nonce).toBe(nonce)
})
