import { existsSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Loads `x.production.ts` instead of `x.ts`, as the condition `production` of the package does. */
export function productionTree(): Plugin {
  return {
    name: 'production-tree',
    enforce: 'pre',
    async resolveId(id, importer) {
      if (!id.startsWith('.') && !id.startsWith('/')) return undefined
      // A stub may take types from the module that it replaces.
      const resolved = await this.resolve(id, importer, { skipSelf: true })
      const stub = resolved?.id.replace(/\.ts$/, '.production.ts')
      return stub !== undefined && stub !== resolved?.id && existsSync(stub) ? stub : undefined
    },
  }
}
