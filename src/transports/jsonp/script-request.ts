import { WireError } from '../../errors.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { hasDocument, openHiddenIframe } from '../../platform/iframe.ts'
import { framePage, type IframeMessage } from './frame-page.ts'

/** Asks in a frame of its own, which is gone when the signal is aborted, and resolves with what the callback was given. */
export function requestScript(
  request: ResolvedRequest,
  { isolate = true, nonce }: { readonly isolate?: boolean | undefined; readonly nonce?: string | undefined },
  signal: AbortSignal,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (!hasDocument()) throw withoutDocument(request)
    openHiddenIframe(
      {
        html: framePage(request.url, nonce, isolate),
        // Scripts, and nothing else: above all not the origin of the page, so the frame's is nobody's.
        sandbox: isolate ? 'allow-scripts' : undefined,
        onMessage: (data) => {
          const word = data as IframeMessage | undefined
          if (word?.[0] === 'answered') resolve(word[1])
          else reject(failureOf(request, word))
        },
        onMute: () => reject(mute(request)),
      },
      signal,
    )
  })
}

function failureOf(
  request: ResolvedRequest,
  word: Exclude<IframeMessage, readonly ['answered', unknown]> | undefined,
): WireError {
  const where = `${request.method} ${shownUrl(request)}`
  switch (word?.[0]) {
    case 'unreachable':
      return new WireError(
        'network',
        `${where} could not be loaded as a script. Browsers do not tell why: no network, an error status, another type ` +
          'of content, or a Content-Security-Policy that does not allow it (script-src).',
        { retryable: true },
      )
    case 'uncalled':
      return new WireError(
        'decode',
        `${where} was loaded, and did not call its callback. Is callbackParam what the server takes its name from?`,
      )
    case 'broken':
      return new WireError('decode', `${where} answered with a script that does not run (${word[1]}).`)
    default:
      return new WireError(
        'decode',
        `${where} called its callback with what cannot be handed over${word === undefined ? '' : ` (${word[1]})`}. ` +
          'Plain data can; functions cannot.',
      )
  }
}

function withoutDocument(request: ResolvedRequest): WireError {
  return new WireError(
    'network',
    `${request.method} ${shownUrl(request)} needs a page to load a script into, and this host has none. ` +
      'On a server or in a worker, use fromFetch.',
  )
}

function mute(request: ResolvedRequest): WireError {
  return new WireError(
    'network',
    `${request.method} ${shownUrl(request)} was not asked, because no script runs in the frame for it. If the page has ` +
      'a Content-Security-Policy, give its nonce.',
  )
}
