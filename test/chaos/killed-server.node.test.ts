import { inject, it, onTestFinished } from 'vitest'
import { startServerProcess } from '../server/process.ts'
import { seededRandom } from '../server/random.ts'
import { FOR_EVER, followNumbers } from './follow-numbers.ts'
import { numberedTransports } from './numbered-transports.ts'

const KILLS = 20

it('every transport resumes after the last number each time the server is killed and restarted', async () => {
  const random = seededRandom(inject('seed'))
  let server = await startServerProcess()
  onTestFinished(() => server.kill())
  const sessions = numberedTransports.map(({ name, path, connect }) => {
    const url = `${server.url}${path}?count=${FOR_EVER}&everyMs=1&batch=1`
    return followNumbers(name, connect(url, { count: FOR_EVER }), FOR_EVER)
  })
  const allGoOn = (more: number) => Promise.all(sessions.map((session) => session.until(session.delivered + more)))
  for (let kill = 0; kill < KILLS; kill += 1) {
    await allGoOn(Math.ceil(random() * 100))
    await server.kill()
    server = await startServerProcess(server.port)
  }
  await allGoOn(100)
})
