import { compare, OURS, perSecond, ratioTo } from '../compare.ts'
import { type Bench, inChromium } from '../in-chromium.ts'
import type { Order, Outcome } from '../pages/upload.ts'
import { byTurns, mediansOf } from '../rounds.ts'
import { versioned } from '../versions.ts'
import type { Work } from '../work.ts'

const MEBIBYTES = 256
const BYTES = MEBIBYTES * 1024 * 1024
const ROUNDS = 7

const TUS_JS_CLIENT = versioned('tus-js-client')
const RAW = 'raw XHR'

/** The contenders, with their names in the page. */
const contenders: ReadonlyMap<string, string> = new Map([
  [OURS, 'rxwire'],
  [TUS_JS_CLIENT, 'tus-js-client'],
  [RAW, 'raw XHR'],
])

export async function measure(): Promise<Work> {
  const results = await inChromium('upload.ts', uploadByTurns)
  const throughput = perSecond(
    BYTES / 1_000_000,
    mediansOf(results, ({ wallMs }) => wallMs),
  )
  return {
    title: `An upload of ${MEBIBYTES} MiB to ${versioned('@tus/server')}`,
    figures: compare('throughput', 'MB/s', throughput),
    targets: [
      { text: 'at least 0.97 of raw XHR', isMet: ratioTo(throughput, RAW) >= 0.97 },
      { text: `at least 1.0 of ${TUS_JS_CLIENT}`, isMet: ratioTo(throughput, TUS_JS_CLIENT) >= 1 },
    ],
    notes: ['All contenders use their defaults: one POST that creates the upload and one PATCH with the whole file.'],
  }
}

/** @throws Error unless the server has stored the whole file. */
async function uploadByTurns({ serverUrl, run }: Bench<Order, Outcome>): Promise<Map<string, Outcome[]>> {
  const upload = async (who: string) => {
    const outcome = await run({ who, url: `${serverUrl}/uploads`, bytes: BYTES })
    const headers = { 'tus-resumable': '1.0.0' }
    const { headers: kept } = await fetch(outcome.location, { method: 'HEAD', headers })
    if (Number(kept.get('upload-offset')) !== BYTES) throw new Error(`${who} did not upload the whole file.`)
    // Deletes the file, so that the uploads do not fill the disk.
    await fetch(outcome.location, { method: 'DELETE', headers })
    return outcome
  }
  return byTurns(new Map([...contenders].map(([shown, who]) => [shown, () => upload(who)])), ROUNDS)
}
