import { isRefused } from '../refusing.ts'
import type { Scenario } from '../scenario.ts'

const GIF = Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

/** Sends a cacheable image of one pixel. Refuses the first `?times=` requests with `?status=`. */
export const pingImage: Scenario = {
  path: '/ping/image',
  serve(visit) {
    if (isRefused(visit)) return
    visit.response.writeHead(200, { 'content-type': 'image/gif', 'cache-control': 'max-age=60' }).end(GIF)
  },
}
