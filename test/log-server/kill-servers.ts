import { resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { followNumbers } from '../chaos/follow-numbers.ts'
import { quick } from '../quick.ts'
import { startBalancer } from '../server/balancer.ts'
import { type OwnProcess, startOwnProcess } from '../server/process.ts'
import { freePort } from '../server/programs.ts'
import { logTransports } from './log-transports.ts'
import { numbers } from './serve-numbers.ts'

// How many kills the appends last for, at least.
const KILLS = 4
// After as many lives a server lives twice as long.
const LIVES = 20
const main = resolve(import.meta.dirname, 'main.ts')

interface KillPlan {
  /** Where the servers keep their logs: the first argument of the program. */
  readonly store: string
  readonly servers: number
  readonly messages: number
  /** How many of them are appended together. */
  readonly perAppend: number
  /** A multiple of the number of transports. */
  readonly clients: number
  readonly random: () => number
}

/**
 * Appends numbers through servers that are killed at random and started again, while clients of all transports follow.
 * Fails if a client misses a number, gets it twice, or gets it out of order.
 *
 * @returns How often a server was killed.
 */
export async function followThroughKills({
  store,
  servers,
  messages,
  perAppend,
  clients,
  random,
}: KillPlan): Promise<number> {
  const ports = await Promise.all(Array.from({ length: servers }, freePort))
  const start = (port: number) => startOwnProcess(main, [store, String(port)])
  const running: OwnProcess[] = await Promise.all(ports.map(start))
  onTestFinished(async () => {
    await Promise.all(running.map((server) => server.kill()))
  })
  const balancer = await startBalancer(() => ports[Math.floor(random() * ports.length)] ?? 0)
  onTestFinished(() => balancer.close())
  const url = `${balancer.url}/numbers`
  await until(() => request(url, 'PUT', {}))

  const rounds = Array.from({ length: clients / logTransports.length }, (_, round) => round + 1)
  const sessions = rounds.flatMap((round) =>
    logTransports.map(({ name, connect }) =>
      followNumbers(
        `${name} (${round})`,
        connect(() => url, 'earliest', quick),
        messages,
      ),
    ),
  )
  let isDone = false
  const following = Promise.all(sessions.map((session) => session.until(messages))).finally(() => {
    isDone = true
  })
  let kills = 0
  // Spread over the kills, so that a fast machine does not finish before them.
  const appended = appendNumbers(url, messages, perAppend, (share) => kills >= Math.floor(share * KILLS))
  while (!isDone) {
    // Each life is longer than the one before, so that a slow machine gets to the end, too.
    await new Promise((done) => setTimeout(done, (100 + random() * 300) * (1 + kills / LIVES)))
    const index = Math.floor(random() * servers)
    await running[index]?.kill()
    running[index] = await start(ports[index] ?? 0)
    kills += 1
  }
  await Promise.all([following, appended])
  return kills
}

/** Appends each batch until it is acknowledged. A producer makes repetitions harmless. */
async function appendNumbers(
  url: string,
  messages: number,
  perAppend: number,
  mayAppend: (share: number) => boolean,
): Promise<void> {
  for (let seq = 0; seq * perAppend < messages; seq += 1) {
    await until(async () => mayAppend((seq * perAppend) / messages))
    const body = JSON.stringify(numbers(seq * perAppend + 1, (seq + 1) * perAppend))
    const headers = { 'producer-id': 'counter', 'producer-epoch': '0', 'producer-seq': String(seq) }
    await until(() => request(url, 'POST', headers, body))
  }
}

/** Returns whether the server has acknowledged a request. */
async function request(url: string, method: string, headers: Record<string, string>, body?: string): Promise<boolean> {
  try {
    const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...(body && { body }) }
    const { status } = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) })
    if (status >= 400 && status < 500) throw new RangeError(`${method} was refused with ${status}`)
    return status < 300
  } catch (error) {
    if (error instanceof RangeError) throw error
    return false
  }
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 10))
}
