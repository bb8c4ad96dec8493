const EVENTS_PER_CHUNK = 64

/** The data of the n-th event of the feed: a typical price message. */
export function priceJson(n: number): string {
  const bid = 100 + (n % 1_000) / 100
  const at = 1_700_000_000_000 + n
  return JSON.stringify({ seq: n, symbol: 'ACME', venue: 'XNYS', bid, ask: bid + 0.25, size: 100 + (n % 900), at })
}

/** The feed as a busy server sends it: several events in each piece. */
export function* feedPieces(count: number): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  for (let from = 0; from < count; from += EVENTS_PER_CHUNK) {
    let text = ''
    for (let n = from; n < Math.min(count, from + EVENTS_PER_CHUNK); n += 1)
      text += `id: ${n}\ndata: ${priceJson(n)}\n\n`
    yield encoder.encode(text)
  }
}
