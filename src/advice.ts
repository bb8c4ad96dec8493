// What errors say besides what failed and where: likely causes and remedies. In production these texts are empty.

export const LATE_RESPONSE: string =
  ' Raise connectTimeoutMs, or flush the headers before there is data. If a proxy buffers them, send ' +
  '`X-Accel-Buffering: no` in the response (nginx: or `proxy_buffering off`).'

export const IS_IT_A_PAGE: string = ' Is this the URL of a page, or does a login intercept the request?'

export const ANY_TYPE: string = " contentType: 'ignore' accepts any type."

export const HANDSHAKE_CAUSES: string =
  ' Browsers hide why: the server is unreachable, it refused the handshake (its log has the status), or it chose none ' +
  'of the offered subprotocols.'

export const SEND_AGAIN: string =
  ' To send it again, call start(), or reconnect({ repeat: true }). If the server acts once per key, pass an ' +
  'idempotencyKey.'

export const STREAM_PER_ATTEMPT: string = ' Pass body as a function that returns a stream for each attempt.'

export const SEND_A_BLOB: string = ' Send a Blob instead: await new Response(stream).blob().'

export const READ_AS_STREAM: string = ' Raise maxBytes, or read it as a stream.'

export const AWAIT_LATER: string = ' Await it in a later operator.'

export const FASTER_DECODER: string = ' Use a faster decoder.'

export const USE_WSS: string = ' A page on https needs wss.'

export const HANDLE_BAD_MESSAGES: string = ' Pass onBadMessage to handle such messages.'

export const NO_PAGE: string = '. This host has no page, so a URL cannot be relative'

/** 'localhost:3000/events' has the scheme `localhost:`. */
export function hostWithPort(url: URL, addressOf: (url: URL) => string): string {
  return /^\d+(?:\/|$)/.test(url.pathname) ? `. Write http://${addressOf(url)} for a host with a port` : ''
}

export const OTHER_FETCH: string = ' Use the fetch of the host, or xhrEngine().'
