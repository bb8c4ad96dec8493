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
    exempt: {
      credentials: 'an upload is resumed at its own URL, whatever the URL function returns',
      rotation: 'an upload has no messages before its end',
      'page of HTML': 'the body of a response is delivered unread',
    },
    scenarios: {
      held: `${path}?hold=1&keeps=0`,
      refused: '/http/status',
      unavailable: `${path}?refuse=503`,
      done: path,
    },
  })
}
