import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { root } from '../vitest-shared.ts'
import { type Example, examplesIn } from './examples.ts'
import { serveReadme } from './readme-server.ts'

const PREFIX = 'virtual:readme/'

/**
 * Serves the README examples as modules: `virtual:readme/live-data` is the code under "Live data", and
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
    configureServer: ({ middlewares }) => {
      const serve = serveReadme()
      middlewares.use((request, response, next) => {
        serve(request, response).then((isServed) => isServed || next(), next)
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
