import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { useMemo } from 'react'

/** Markdown that a model has written, and that may contain anything. */
export function Markdown({ text }: { text: string }) {
  const html = useMemo(() => DOMPurify.sanitize(marked.parse(text, { async: false })), [text])
  // biome-ignore lint/security/noDangerouslySetInnerHtml: It was sanitized.
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />
}
