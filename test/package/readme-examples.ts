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

/** Maps each url in the README examples to a scenario of the test server. */
const scenarios: Readonly<Record<string, string>> = { '/ticks': '/wire/sse/ticks', '/chat': '/wire/ws/echo' }

/**
 * Serves the README examples as modules: `virtual:readme/in-react` is the code under "In React", and
 * `virtual:readme/sections` lists the sections with code. The dev server also serves the urls in the examples.
 */
export function readmeExamples(): Plugin {
  return {
    name: 'rxwire:readme-examples',
    resolveId: (id) => {
      if (!id.startsWith(PREFIX)) return undefined
      const section = id.slice(PREFIX.length)
      // A fake path: its extension selects the loader, and its query keeps other plugins from reading the file.
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
