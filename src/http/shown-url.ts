/** A url as messages show it: queries carry tokens, and messages end up in logs. */
export function shownUrl({ url }: { readonly url: string }): string {
  return url.replace(/[?#].*$/s, '')
}
