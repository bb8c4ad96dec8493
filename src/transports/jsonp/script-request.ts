import { WireError } from '../../errors.ts'
import { type ResolvedRequest, shownUrl } from '../../http/request.ts'
import { hasDocument, openHiddenIframe } from '../../platform/iframe.ts'
import { type FramePageOptions, framePage, type IframeMessage } from './frame-page.ts'

/**
 * Loads the script in an iframe, which is removed when the signal is aborted. Resolves with the argument of the
 * callback.
 */
export function requestScript(
  request: ResolvedRequest,
  { isolate, ...options }: Omit<FramePageOptions, 'url'>,
  signal: AbortSignal,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (!hasDocument()) throw withoutDocument(request)
    openHiddenIframe(
      {
        html: framePage({ ...options, isolate, url: request.url }),
        // Scripts only. Without `allow-same-origin` the iframe has an opaque origin.
        sandbox: isolate ? 'allow-scripts' : undefined,
        onMessage: (data) => {
          const message = data as IframeMessage | undefined
          if (message?.[0] === 'called') resolve(message[1])
          else reject(failureOf(request, message))
        },
        onBlocked: () => reject(blocked(request)),
      },
      signal,
    )
  })
}

function failureOf(
  request: ResolvedRequest,
  message: Exclude<IframeMessage, readonly ['called', unknown]> | undefined,
): WireError {
  const where = `${request.method} ${shownUrl(request)}`
  switch (message?.[0]) {
    case 'unreachable':
      return new WireError(
        'network',
        `${where} could not be loaded as a script. Browsers hide why: no network, an error status, another content ` +
          'type, or a Content-Security-Policy that does not allow it (script-src).',
        { retryable: true },
      )
    case 'uncalled':
      return new WireError(
        'decode',
        `${where} was loaded, but did not call the callback. Does the server read its name from callbackParam, or have a ` +
          'fixed one (callbackName)?',
      )
    case 'broken':
      return new WireError('decode', `${where} sent a script that threw an error (${message[1]}).`)
    default:
      return new WireError(
        'decode',
        `${where} called the callback with data that cannot be cloned` +
          `${message === undefined ? '' : ` (${message[1]})`}. Plain data can be cloned, functions cannot.`,
      )
  }
}

function withoutDocument(request: ResolvedRequest): WireError {
  return new WireError(
    'network',
    `${request.method} ${shownUrl(request)} needs a page to load a script, and this host has none. ` +
      'On a server or in a worker, use fromFetch.',
  )
}

function blocked(request: ResolvedRequest): WireError {
  return new WireError(
    'network',
    `${request.method} ${shownUrl(request)} was not requested, because scripts are blocked in the iframe. If the ` +
      'page has a Content-Security-Policy, pass its nonce.',
  )
}
