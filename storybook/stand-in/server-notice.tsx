const texts = {
  missing: 'This demo talks to a real server.',
  'stood in for': 'Here the routes of the demo server answer within the page, and nothing goes over a network.',
}

/** A note above a demo that runs without its server, or instead of a demo that cannot. */
export function ServerNotice({ server }: { server: keyof typeof texts }) {
  return (
    <p className="notice server-notice" role="note">
      {texts[server]} Run <code>npm start</code> to see it live.
    </p>
  )
}
