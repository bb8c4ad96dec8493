import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Plugin } from 'vite'
import { Lab } from '../server/lab.ts'
import { createScenarioHandler } from '../server/server.ts'
import { createUpgradeHandler } from '../server/sockets.ts'
import { root } from '../vitest-shared.ts'
import { type Example, examplesIn } from './examples.ts'

const PREFIX = 'virtual:readme/'

/** What answers at the addresses that the README asks. */
const scenarios: Readonly<Record<string, string>> = { '/ticks': '/wire/sse/ticks', '/chat': '/wire/ws/echo' }

/**
 * Makes modules of the README's examples: `virtual:readme/in-react` is the code under "In React", and
 * `virtual:readme/sections` says where there is some. The page's own server answers them.
 */
export function readmeExamples(): Plugin {
  return {
    name: 'rxwire:readme-examples',
    resolveId: (id) => {
      if (!id.startsWith(PREFIX)) return undefined
      const section = id.slice(PREFIX.length)
      // As if there were a file, whose ending tells how to compile it; the query, that nobody should look for it.
      return `${root}/README/${section}.${exampleUnder(section)?.language ?? 'ts'}?example`
    },
    load: (id) => {
      const [, section] = /\/README\/([\w-]+)\.tsx?\?example$/.exec(id) ?? []
      if (section === undefined) return undefined
      if (section !== 'sections') return exampleUnder(section)?.code
      return `export const sections = ${JSON.stringify(examples().map((example) => example.section))}`
    },
    configureServer: ({ httpServer, middlewares }) => {
      const lab = new Lab()
      const answer = createScenarioHandler(lab)
      const upgrade = createUpgradeHandler(lab)
      middlewares.use((request, response, next) => {
        if (leadToScenario(request)) answer(request, response, next)
        else next()
      })
      httpServer?.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (leadToScenario(request)) upgrade(request, socket, head)
      })
    },
  }
}

function examples(): readonly Example[] {
  return examplesIn(readFileSync(`${root}/README.md`, 'utf8'))
}

function exampleUnder(section: string): Example | undefined {
  return examples().find((example) => example.section === section)
}

function leadToScenario(request: IncomingMessage): boolean {
  const scenario = scenarios[request.url ?? '']
  if (scenario === undefined) return false
  request.url = scenario
  return true
}
