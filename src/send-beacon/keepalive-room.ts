// [spec] Fetch §4.6: what is under way with keepalive is limited to 64 KiB in all. A little is left to the rest of the
// page. Chromium allows nine such requests at a time.
const ROOM_BYTES = 60 * 1024
const ROOM_REQUESTS = 9

let usedBytes = 0
let usedRequests = 0

/**
 * Takes room for one more request that outlives its page. Browsers say that there is none when it is too late, so it
 * is counted here.
 *
 * @returns What gives the room back; `undefined` if there is none, or if nobody knows how much it takes.
 */
export function keepaliveRoom(bytes: number | undefined): (() => void) | undefined {
  if (bytes === undefined || usedBytes + bytes > ROOM_BYTES || usedRequests >= ROOM_REQUESTS) return undefined
  usedBytes += bytes
  usedRequests += 1
  return () => {
    usedBytes -= bytes
    usedRequests -= 1
  }
}
