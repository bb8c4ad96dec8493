import { countUploaded } from '../count-uploaded.ts'
import { refusedByFault } from '../demo-faults.ts'
import type { Scenario } from '../scenario.ts'

/** Reads the whole body of a PUT and discards it, like a form handler that cannot resume. */
export const uploadPlain: Scenario = {
  path: '/upload/plain',
  readsBody: true,
  async serve(visit) {
    countUploaded('/upload/plain', visit)
    if (refusedByFault(visit)) return
    let bytes = 0
    for await (const chunk of visit.request) bytes += chunk.length
    visit.response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ bytes }))
  },
}
