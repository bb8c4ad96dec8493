import { after } from './clock.ts'

// The word of a frame that has just loaded may still be on its way from another process.
const LATE_WORD_MS = 1_000

/** A page in a frame that nobody sees, and what is to be known of it. */
export interface HiddenIframeOptions {
  /**
   * A page with a frame in it. The first thing that the script in there does is to post the port of a channel, over
   * which it speaks from then on.
   */
  readonly html: string
  /** What the page may do, as the `sandbox` attribute says it; `undefined` lets it do whatever this page may. */
  readonly sandbox: string | undefined
  /** Something came over the port; `undefined` for what could not be read. */
  readonly onMessage: (data: unknown) => void
  /** The page has loaded, and its script did not run. */
  readonly onMute: () => void
}

/** Whether this host has pages, and so frames in them. */
export function hasDocument(): boolean {
  return typeof document !== 'undefined'
}

/** Opens a hidden frame. When the signal is aborted, it is gone at once, with all that it was loading. */
export function openHiddenIframe({ html, sandbox, onMessage, onMute }: HiddenIframeOptions, signal: AbortSignal): void {
  const frame = document.createElement('iframe')
  if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox)
  frame.srcdoc = html
  // By script, because a Content-Security-Policy forbids it as an attribute; and stronger than the page's own style.
  frame.style.setProperty('display', 'none', 'important')

  let isMute = true
  let stopDoubting = () => {}
  frame.addEventListener('load', () => {
    if (isMute) stopDoubting = after(LATE_WORD_MS, onMute)
  })
  // Its first message is its port. All others are of scripts that came later and may say what they like.
  const takePort = ({ source, ports: [port] }: MessageEvent) => {
    const page = frame.contentWindow
    // [spec] A window of another origin throws, instead of being undefined, where it has no frame yet.
    if (!page?.length || source !== page[0] || port === undefined) return
    isMute = false
    stopDoubting()
    removeEventListener('message', takePort)
    signal.addEventListener('abort', () => port.close())
    port.onmessageerror = () => onMessage(undefined)
    port.onmessage = ({ data }) => onMessage(data)
  }
  addEventListener('message', takePort)
  signal.addEventListener('abort', () => {
    removeEventListener('message', takePort)
    stopDoubting()
    frame.remove()
  })
  document.documentElement.append(frame)
}
