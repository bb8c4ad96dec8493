const texts = {
  missing: 'This is a recording, because the demo needs its server.',
  'stood in for': 'This page has no server: its requests are answered within the page.',
}

/** A note above a demo that runs without its server, or in place of a demo that needs it. */
export function ServerNotice({ server }: { server: keyof typeof texts }) {
  return (
    <p className="notice server-notice" role="note">
      {texts[server]} Run <code>npm start</code> to see it live.
    </p>
  )
}
