import { map } from 'rxjs'
import { fromUpload } from 'rxwire'
import { seededBytes } from '../server/random.ts'
import { describeWireContract } from './contract.ts'
import { uploadCases } from './uploads.ts'

for (const { name, path, protocol } of uploadCases) {
  describeWireContract({
    transport: `fromUpload by ${name}`,
    connect: (url, { reconnect }) =>
      // A Blob has no fingerprint, so each subscription is a separate upload.
      fromUpload(url, new Blob([seededBytes(1_000)]), { protocol: protocol(), reconnect, storage: false }).pipe(
        map((event) => (event.type === 'message' ? { ...event, data: event.data.bodyText } : event)),
      ),
    scenarios: {
      held: `${path}?hold=1`,
      refused: '/http/status',
      unavailable: `${path}?refuse=503`,
      done: path,
    },
  })
}
