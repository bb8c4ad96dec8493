const told = {
  missing: 'This demo talks to a real server.',
  'stood in for': 'Here the routes of the demo server answer within the page, and nothing goes over a network.',
}

/** Said above, or instead of, a demo that is shown without its server. */
export function ServerNotice({ server }: { server: keyof typeof told }) {
  return (
    <p className="notice server-notice" role="note">
      {told[server]} Run <code>npm start</code> to see it live.
    </p>
  )
}
