import { after } from './clock.ts'

// The first message of an iframe that has loaded may still be on its way from another process.
const LATE_MESSAGE_MS = 1_000

/** Options of {@link openHiddenIframe}. */
export interface HiddenIframeOptions {
  /**
   * A page that contains another iframe. The script in that iframe first posts the port of a channel, over which all
   * other messages are sent.
   */
  readonly html: string
  /** The `sandbox` attribute; `undefined` for no sandbox. */
  readonly sandbox: string | undefined
  /** Receives a message of the port; `undefined` if it could not be deserialized. */
  readonly onMessage: (data: unknown) => void
  /** Called when the page has loaded but its script did not run. */
  readonly onBlocked: () => void
}

/** Whether this host has a document, and can open iframes. */
export function hasDocument(): boolean {
  return typeof document !== 'undefined'
}

/** Opens a hidden iframe. Aborting the signal removes it and its requests. */
export function openHiddenIframe(
  { html, sandbox, onMessage, onBlocked }: HiddenIframeOptions,
  signal: AbortSignal,
): void {
  const frame = document.createElement('iframe')
  if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox)
  frame.srcdoc = html
  // Set by script, because a Content-Security-Policy may forbid style attributes. `important` overrides the page's CSS.
  frame.style.setProperty('display', 'none', 'important')

  let isBlocked = true
  let cancelBlocked = () => {}
  frame.addEventListener('load', () => {
    if (isBlocked) cancelBlocked = after(LATE_MESSAGE_MS, onBlocked)
  })
  // Only the first message carries the port. Later ones may come from the script that was loaded, and are ignored.
  const onPort = ({ source, ports: [port] }: MessageEvent) => {
    const page = frame.contentWindow
    // [spec] Reading a missing frame of a cross-origin window throws, so the length is checked first.
    if (!page?.length || source !== page[0] || port === undefined) return
    isBlocked = false
    cancelBlocked()
    removeEventListener('message', onPort)
    signal.addEventListener('abort', () => port.close())
    port.onmessageerror = () => onMessage(undefined)
    port.onmessage = ({ data }) => onMessage(data)
  }
  addEventListener('message', onPort)
  signal.addEventListener('abort', () => {
    removeEventListener('message', onPort)
    cancelBlocked()
    frame.remove()
  })
  document.documentElement.append(frame)
}
